import { REPRO_SCALES, toWireError, type ReplayScale, type ReproScale } from '../../contract/index.js'
import type { LabCore } from '../core.js'
import type { SomeHandlers } from '../context.js'
import { planReplay, stepsOf } from '../repro/replay.js'
import type { Replays } from '../repro/replays.js'
import type { ReplayStore } from '../repro/replayStore.js'
import { REPRO_STAGES } from '../repro/stages/index.js'

/** The paper's replay: what it costs, started, paused, its report and its files. */
export function replayHandlers({
  lab,
  replays,
  store,
}: {
  lab: LabCore
  replays: Replays
  store: ReplayStore
}): SomeHandlers<'replay.scales' | 'replay.list' | 'replay.get' | 'replay.start' | 'replay.pause' | 'replay.readFile'> {
  const facts = async (scale: ReproScale): Promise<ReplayScale> => {
    try {
      const plan = await planReplay(lab, { scale, seed: 1 })
      return {
        scale,
        seconds: stepsOf(plan, REPRO_STAGES).reduce((sum, { seconds }) => sum + seconds, 0),
        note: plan.note,
        missing: null,
      }
    } catch (error) {
      return { scale, seconds: null, note: '', missing: toWireError(error) }
    }
  }
  return {
    'replay.scales': () => Promise.all(REPRO_SCALES.map(facts)),
    'replay.list': async () => replays.list(),
    'replay.get': async ({ id }) => ({ record: replays.get(id), report: await store.report(id) }),
    'replay.start': (request) => replays.start(request),
    'replay.pause': ({ id }) => replays.pause(id),
    'replay.readFile': async ({ id, path }) => store.readFile(replays.get(id).id, path),
  }
}
