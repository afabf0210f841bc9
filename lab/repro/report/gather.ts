import {
  penaltyMetricNames,
  type MetricName,
  type ModelSpectrum,
  type PowerLawFit,
  type ReplayReport,
  type RobustnessSeries,
  type Verdict,
} from '../../../contract/index.js'
import {
  REPRO_ATTACKS,
  REPRO_MODELS,
  SHOWN_MODELS,
  type ReproModel,
  type ReproAttack,
  type ShownModel,
} from '../plan.js'
import { planeOf, runOf, seriesOf, spectrumOf, sweepOf } from '../results.js'
import { SPECTRUM_INPUTS, SPECTRUM_ROWS, type SpectrumInput, type SpectrumRow } from '../keys.js'
import { jobOf, type ReplayContext } from '../step.js'
import { claimsOf } from './claims.js'
import { planeRows } from './planeRows.js'
import { robustnessRows } from './robustnessRows.js'
import { judged, type RawRow } from './rows.js'
import { atScale } from './scaleBands.js'
import { EARLIER_ROWS, EARLIER_WINDOW, earlierRows, slopeRows } from './spectrumRows.js'
import { layerRows, trainingRows, type Training } from './trainingRows.js'

/** Published numbers that no stage measures, with the reason. */
const NOT_REPLAYED = [
  {
    quantity: 'KH with n = 10, 5000 epochs and more: test accuracy 0.524',
    reason: 'another exponent, trained five times as long; run `lab run cifar10-kh --set model.activationExponent=10`',
  },
  {
    quantity: 'BP alone in that study: best test accuracy 0.545',
    reason: 'another training, whose settings are unknown',
  },
  {
    quantity: 'MNIST: perceptron 0.983, Jacobian run 0.964, spectral run 0.969',
    reason: 'side studies on another dataset',
  },
  { quantity: 'MNIST layer: 1161 s for 1000 epochs', reason: 'another dataset; run `lab run mnist-paper`' },
] as const

/** A table of one value for each key, asked for one after the other. */
async function tableOf<Key extends string, Value>(
  keys: readonly Key[],
  ask: (key: Key) => Promise<Value>,
): Promise<Readonly<Record<Key, Value>>> {
  const entries: [Key, Value][] = []
  for (const key of keys) entries.push([key, await ask(key)])
  return Object.fromEntries(entries) as Record<Key, Value>
}

async function trainingOf(context: ReplayContext, model: ReproModel): Promise<Training> {
  const spec = context.plan.models[model]
  const record = await runOf(context, model)
  const names: MetricName[] = [
    'loss',
    'crossEntropy',
    'testAccuracy',
    ...spec.regularisers.map((_, index) => penaltyMetricNames(index).term),
  ]
  return { spec, record, metrics: await context.lab.call('run.metrics', { id: record.id, names }) }
}

/** Reads the archived results and sets the published numbers beside them. */
export async function gatherReport(context: ReplayContext): Promise<ReplayReport> {
  const { lab, plan } = context
  const { record: layer } = await lab.call('run.get', { id: jobOf(context, 'layer') })
  const trainings = await tableOf(REPRO_MODELS, (model) => trainingOf(context, model))
  const series = (await tableOf(REPRO_ATTACKS, async (attack) => {
    const result = await sweepOf(context, attack)
    return tableOf(SHOWN_MODELS, async (model) => seriesOf(result, model))
  })) as Record<ReproAttack, Record<ShownModel, RobustnessSeries>>
  const spectra = (await tableOf(SPECTRUM_ROWS, (row) =>
    tableOf(SPECTRUM_INPUTS, (input) => spectrumOf(context, row, input)),
  )) as Record<SpectrumRow, Record<SpectrumInput, ModelSpectrum>>
  const earlier = await tableOf(EARLIER_ROWS, (row) =>
    tableOf(
      SPECTRUM_INPUTS,
      async (input): Promise<PowerLawFit | null> =>
        (
          await lab.call('spectrum.fits', {
            eigenvalues: spectra[row][input].eigenvalues,
            window: EARLIER_WINDOW,
            rank: spectra[row][input].rank,
          })
        ).fit,
    ),
  )
  const ranges = await tableOf(
    SHOWN_MODELS,
    async (model) => (await planeOf(context, model)).maps[0]?.jacobianRange ?? null,
  )
  const groups: [string, RawRow[]][] = [
    ['Layer', layerRows(layer, plan.layer.layer.hiddenUnits)],
    ['Training', trainingRows((model) => trainings[model])],
    ...REPRO_ATTACKS.map((attack): [string, RawRow[]] => [
      'Robustness',
      robustnessRows(attack, (model) => series[attack][model]),
    ]),
    ['Spectra', slopeRows((row, input) => spectra[row][input].fit)],
    ['Spectra', earlierRows((row, input) => (row in earlier ? earlier[row as keyof typeof earlier][input] : null))],
    ['Plane', planeRows((model) => ranges[model])],
  ]
  const rows = groups.flatMap(([group, raw]) =>
    raw.map((row) => judged(group, atScale(plan.scale, row), plan.set === 'cifar10')),
  )
  const count = (verdict: Verdict): number => rows.filter((row) => row.verdict === verdict).length
  return {
    version: 1,
    scale: plan.scale,
    seed: plan.seed,
    set: plan.set,
    note: plan.note,
    createdAt: new Date().toISOString(),
    versions: layer.versions,
    executor: layer.executor,
    counts: {
      inside: count('inside'),
      outside: count('outside'),
      noBand: count('noBand'),
      missing: count('missing'),
      otherData: count('otherData'),
    },
    claims: REPRO_ATTACKS.flatMap((attack) =>
      claimsOf(attack, (model) => series[attack][model].criticalNorm?.median ?? null),
    ).map((claim) => (plan.set === 'cifar10' ? claim : { ...claim, holds: null })),
    rows,
    notReplayed: [...NOT_REPLAYED],
  }
}
