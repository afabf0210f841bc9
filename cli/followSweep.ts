import { LabError, fromWireError, type SweepId, type SweepRecord } from '../contract/index.js'
import type { Lab } from '../lab/lab.js'
import { durationText, type Output } from './output.js'

/**
 * Shows a sweep until it ends; Ctrl-C stores where it is and leaves a sweep that can be resumed.
 *
 * @returns the record of the finished sweep
 * @throws LabError the sweep's own error, or `run.interrupted` after Ctrl-C
 */
export async function followSweep(lab: Lab, id: SweepId, output: Output): Promise<SweepRecord> {
  const find = async (): Promise<SweepRecord | undefined> => (await lab.call('robustness.list', null)).find((record) => record.id === id)
  const first = await find()
  const bar = output.progress(id, first?.total ?? 1)
  let interrupted = false
  const record = await new Promise<SweepRecord>((resolve, reject) => {
    const stops: (() => void)[] = []
    const end = (finish: () => void): void => {
      for (const stop of stops.splice(0)) stop()
      finish()
    }
    const look = (next: SweepRecord | undefined): void => {
      if (next?.id !== id) return
      bar.update(next.done, `${next.text}${next.secondsLeft === null ? '' : `, ${durationText(next.secondsLeft)} left`}`)
      if (next.state !== 'queued' && next.state !== 'running') end(() => resolve(next))
    }
    const onSignal = (): void => {
      if (interrupted) return
      interrupted = true
      output.line('Stopping after this size; the sweep can be resumed.')
      lab.call('robustness.pause', { id }).catch((error: unknown) => end(() => reject(error instanceof Error ? error : new Error(String(error)))))
    }
    stops.push(lab.listen('robustness.changed', ({ record: next }) => look(next)))
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
    stops.push(() => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    })
    find().then(look, reject)
  })
  bar.finish(record.state)
  if (record.state === 'failed' && record.error !== null) throw fromWireError(record.error)
  if (record.state !== 'finished') throw new LabError('run.interrupted', `${id} stopped; go on with \`lab robustness --resume ${id}\``, { sweep: id })
  return record
}
