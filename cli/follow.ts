import { LabError, fromWireError, type RunId, type RunRecord } from '../contract/index.js'
import type { LabCore } from '../lab/core.js'
import { followedRun } from '../lab/jobs/following.js'
import { durationText, type Output } from './output.js'
import { untilSignal } from './untilSignal.js'

/**
 * Shows a run until it ends; Ctrl-C writes a checkpoint of this very step and leaves a run that can be resumed.
 *
 * @returns the record of the finished run
 * @throws LabError the run's own error, or `run.interrupted` after Ctrl-C and in a queue that is held
 */
export async function followRun(lab: LabCore, id: RunId, output: Output): Promise<RunRecord> {
  const first = (await lab.call('run.get', { id })).record
  const bar = output.progress(first.name, first.epochs)
  const unlisten = lab.listen('run.notice', ({ id: source, notice }) => {
    if (source === id && notice.level !== 'event') output.line(`${notice.level}: ${notice.text}`)
  })
  let interrupted = false
  const report = (): void => {
    interrupted = true
    output.line(
      'Stopping after this step with a checkpoint; the run can be resumed. Press Ctrl-C again to quit immediately.',
    )
  }
  const record = await untilSignal(report, (pause) =>
    followedRun(lab, id, {
      pause,
      changed: ({ epoch, secondsLeft }) =>
        bar.update(epoch, secondsLeft === null ? '' : `${durationText(secondsLeft)} left`),
    }),
  ).finally(unlisten)
  bar.finish(record.state, record.epoch)
  if (record.state === 'failed' && record.error !== null) throw fromWireError(record.error)
  if (interrupted || record.state !== 'finished')
    throw new LabError(
      'run.interrupted',
      `${id} stopped in epoch ${record.epoch} of ${record.epochs}; resume it with \`lab resume ${id}\` and the same --data option, if any`,
      { run: id },
    )
  return record
}
