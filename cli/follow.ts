import { LabError, fromWireError, type RunId, type RunRecord } from '../contract/index.js'
import type { Lab } from '../lab/lab.js'
import { durationText, type Output } from './output.js'

const ENDED = new Set<RunRecord['state']>(['finished', 'failed', 'stopped', 'interrupted', 'paused'])

/**
 * Shows a run until it ends; Ctrl-C writes a checkpoint of this very step and leaves a run that can be resumed.
 *
 * @returns the record of the finished run
 * @throws LabError the run's own error, or `run.interrupted` after Ctrl-C
 */
export async function followRun(lab: Lab, id: RunId, output: Output): Promise<RunRecord> {
  const first = (await lab.call('run.get', { id })).record
  const bar = output.progress(first.name, first.epochs)
  let interrupted = false
  const record = await new Promise<RunRecord>((resolve, reject) => {
    const stops: (() => void)[] = []
    const end = (finish: () => void): void => {
      for (const stop of stops) stop()
      finish()
    }
    const look = (next: RunRecord): void => {
      if (next.id !== id) return
      const left = next.secondsLeft === null ? '' : `${durationText(next.secondsLeft)} left`
      bar.update(next.epoch, left)
      if (ENDED.has(next.state)) end(() => resolve(next))
    }
    const onSignal = (): void => {
      if (interrupted) return
      interrupted = true
      output.line('Stopping after this step; the run can be resumed.')
      lab.call('run.pause', { id }).catch((error: unknown) => end(() => reject(error instanceof Error ? error : new Error(String(error)))))
    }
    stops.push(lab.listen('run.changed', ({ record: next }) => look(next)))
    stops.push(lab.listen('run.notice', ({ id: source, notice }) => {
      if (source === id && notice.level !== 'event') output.line(`${notice.level}: ${notice.text}`)
    }))
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
    stops.push(() => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    })
    lab.call('run.get', { id }).then(({ record: now }) => look(now), reject)
  })
  bar.finish(record.state)
  if (record.state === 'failed' && record.error !== null) throw fromWireError(record.error)
  if (interrupted || record.state !== 'finished') {
    throw new LabError('run.interrupted', `${id} stopped in epoch ${record.epoch} of ${record.epochs}; go on with \`lab resume ${id}\``, { run: id })
  }
  return record
}
