import { LabError, fromWireError, type SweepId, type SweepRecord } from '../contract/index.js'
import type { LabCore } from '../lab/core.js'
import { followedSweep } from '../lab/jobs/following.js'
import { durationText, type Output } from './output.js'
import { untilSignal } from './untilSignal.js'

/**
 * Shows a sweep until it ends; Ctrl-C stores where it is and leaves a sweep that can be resumed.
 *
 * @returns the record of the finished sweep
 * @throws LabError the sweep's own error, or `run.interrupted` after Ctrl-C
 */
export async function followSweep(lab: LabCore, id: SweepId, output: Output): Promise<SweepRecord> {
  const first = (await lab.call('robustness.list', null)).find((record) => record.id === id)
  const bar = output.progress(id, first?.total ?? 1)
  const record = await untilSignal(
    () => output.line('Stopping after this ε; the sweep can be resumed. Press Ctrl-C again to quit immediately.'),
    (pause) =>
      followedSweep(lab, id, {
        pause,
        changed: ({ done, text, secondsLeft }) =>
          bar.update(done, `${text}${secondsLeft === null ? '' : `, ${durationText(secondsLeft)} left`}`),
      }),
  )
  bar.finish(record.state, record.done)
  if (record.state === 'failed' && record.error !== null) throw fromWireError(record.error)
  if (record.state !== 'finished')
    throw new LabError(
      'run.interrupted',
      `${id} stopped; resume it with \`lab robustness --resume ${id}\` and the same --data option, if any`,
      { sweep: id },
    )
  return record
}
