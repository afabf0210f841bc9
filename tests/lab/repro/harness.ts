import type { SweepRecord } from '../../../contract/index.js'
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
    ...plan.layer, executor: 'wasm', dataset: { kind: 'syntheticScenes', imageLimit: 60, dataSeed: 1 }, layer: { ...plan.layer.layer, hiddenUnits: 16 }, schedule: { ...plan.layer.schedule, epochs: 4, batchSize: 20 },
    probes: { ...plan.layer.probes, spectrumEvery: 0, spectrumImages: 40, windowStart: 1, windowEnd: 8 }, checkpoints: { every: 1, keep: 2 },
  }
  for (const name of REPRO_MODELS) {
    const { model, schedule, regularisers, ...spec } = plan.models[name]
    plan.models[name] = {
      ...spec, executor: 'wasm', dataset: plan.layer.dataset, model: 'hiddenUnits' in model ? { ...model, hiddenUnits: 16 } : model, schedule: { ...schedule, epochs: 2, batchSize: 30 },
      regularisers: regularisers.map((term) => (term.kind === 'spectral' ? { ...term, firstIndex: Math.min(term.firstIndex, 4) } : term)), probes: { ...spec.probes, windowStart: 1, windowEnd: 8 }, checkpoints: { every: 1, keep: 2 },
    }
  }
  const grid = (to: number) => ({ from: to / 1000, to, count: 4, spacing: 'log' as const })
  plan.robustness = { ...plan.robustness, images: 10, batchSize: 10, grids: { random: grid(8), fgsm: grid(0.1), pgd: grid(0.1) }, steps: 2, resamples: 0 }
  plan.spectra = { images: 40, units: [8], entries: [8, 24], window: [1, 8], noiseWindow: [1, 8] }
  plan.plane = { image: 3, extent: 20, size: 4 }
  plan.figures = { formats: ['png'], dpi: 40 }
}

function sweepEnd(lab: Lab, id: string): Promise<SweepRecord> {
  return new Promise((resolve, reject) => {
    const stops: (() => void)[] = []
    const look = (record: SweepRecord | undefined): void => {
      if (record?.id !== id || record.state === 'queued' || record.state === 'running') return
      stops.forEach((stop) => stop())
      if (record.state === 'finished') resolve(record)
      else reject(new Error(`${id} ended ${record.state}: ${record.error?.message ?? ''}`))
    }
    stops.push(lab.listen('robustness.changed', ({ record }) => look(record)))
    lab.call('robustness.list', null).then((records) => look(records.find((record) => record.id === id)), reject)
  })
}

/** A listener that tells the keys of steps that are made, in their order. */
export const listenerOf = (lab: Lab, told: (key: string) => void): ReplayListener => ({
  followRun: (id) => reachState(lab, id, 'finished'), followSweep: (id) => sweepEnd(lab, id), line: () => undefined, step: ({ key }) => told(key),
})

/** Replays the tiny plan. @returns which steps were made, beside the result */
export async function replayTiny(lab: Lab, folder: string, { stages = ['report'], change }: { stages?: readonly ReproStage[]; change?: (plan: ReproPlan) => void } = {}): Promise<ReplayResult & { made: string[] }> {
  const made: string[] = []
  const result = await replay(lab, {
    stages, scale: 'smoke', seed: 1, folder,
    change: (plan) => {
      makeTiny(plan)
      change?.(plan)
    },
  }, listenerOf(lab, (key) => made.push(key)))
  return { ...result, made }
}
