import type { ReplayId, ReplayRecord } from '../../../contract/index.js'
import { followedSweep } from '../../../lab/jobs/following.js'
import type { Lab } from '../../../lab/lab.js'
import type { ReproPlan } from '../../../lab/repro/plan.js'
import { REPRO_MODELS } from '../../../lab/repro/plan.js'
import { replay, type ReplayResult } from '../../../lab/repro/replay.js'
import type { ReproStage } from '../../../lab/repro/stages/index.js'
import type { ReplayListener } from '../../../lab/repro/step.js'
import { reachState } from '../lab/harness.js'

/** Makes a plan that is done in seconds: every stage, on a few built-in scenes. */
export function makeTiny(plan: ReproPlan): void {
  plan.layer = {
    ...plan.layer,
    executor: 'wasm',
    dataset: { kind: 'syntheticScenes', imageLimit: 60, dataSeed: 1 },
    layer: { ...plan.layer.layer, hiddenUnits: 16 },
    schedule: { ...plan.layer.schedule, epochs: 4, batchSize: 20 },
    probes: { ...plan.layer.probes, spectrumEvery: 0, spectrumImages: 40, windowStart: 1, windowEnd: 8 },
    checkpoints: { every: 1, keep: 2 },
  }
  for (const name of REPRO_MODELS) {
    const { model, schedule, regularisers, ...spec } = plan.models[name]
    plan.models[name] = {
      ...spec,
      executor: 'wasm',
      dataset: plan.layer.dataset,
      model: 'hiddenUnits' in model ? { ...model, hiddenUnits: 16 } : model,
      schedule: { ...schedule, epochs: 2, batchSize: 30 },
      regularisers: regularisers.map((term) =>
        term.kind === 'spectral' ? { ...term, firstIndex: Math.min(term.firstIndex, 4) } : term,
      ),
      probes: { ...spec.probes, windowStart: 1, windowEnd: 8 },
      checkpoints: { every: 1, keep: 2 },
    }
  }
  const grid = (to: number) => ({ from: to / 1000, to, count: 4, spacing: 'log' as const })
  plan.robustness = {
    ...plan.robustness,
    images: 10,
    batchSize: 10,
    grids: { random: grid(8), fgsm: grid(0.1), pgd: grid(0.1) },
    steps: 2,
    resamples: 0,
  }
  plan.spectra = { images: 40, units: [8], entries: [8, 24], window: [1, 8], noiseWindow: [1, 8] }
  plan.plane = { image: 3, extent: 20, size: 4 }
  plan.figures = { formats: ['png'], dpi: 40 }
}

/** A listener that reports the keys of steps that are made, in their order. */
export const listenerOf = (lab: Lab, reported: (key: string) => void): ReplayListener => ({
  followRun: (id) => reachState(lab, id, 'finished'),
  followSweep: (id) => followedSweep(lab, id),
  line: () => undefined,
  step: ({ key }) => reported(key),
})

/** Replays the tiny plan. @returns which steps were made, beside the result */
export async function replayTiny(
  lab: Lab,
  folder: string,
  { stages = ['report'], change }: { stages?: readonly ReproStage[]; change?: (plan: ReproPlan) => void } = {},
): Promise<ReplayResult & { made: string[] }> {
  const made: string[] = []
  const result = await replay(
    lab,
    {
      stages,
      scale: 'smoke',
      seed: 1,
      folder,
      change: (plan) => {
        makeTiny(plan)
        change?.(plan)
      },
    },
    listenerOf(lab, (key) => made.push(key)),
  )
  return { ...result, made }
}

/** Resolves when the record of a replay fits; fails when the replay ends otherwise. */
export function replayReaches(
  lab: Lab,
  id: ReplayId,
  wanted: (record: ReplayRecord) => boolean,
): Promise<ReplayRecord> {
  return new Promise((resolve, reject) => {
    const look = (record: ReplayRecord): void => {
      if (record.id !== id) return
      if (wanted(record)) resolve(record)
      else if (record.state !== 'running')
        reject(
          new Error(
            `${id} is ${record.state}: ${record.note ?? ''} ${record.error?.message ?? ''}\n${record.error?.stack ?? ''}`,
          ),
        )
      else return
      stop()
    }
    const stop = lab.listen('replay.changed', ({ record }) => look(record))
    lab.call('replay.get', { id }).then(({ record }) => look(record), reject)
  })
}
