import { join } from 'node:path'
import {
  DATASETS,
  noiseOfShape,
  type ModelSpectrum,
  type PowerLawFit,
  type SpectrumRequest,
} from '../../../contract/index.js'
import { hashOf } from '../../files/hash.js'
import { spectrumSeconds, unitsOf } from '../costs.js'
import { INITIAL_PATH, modelStem } from '../models.js'
import { SHOWN_MODELS, type ReproPlan, type ShownModel } from '../plan.js'
import { doStep, entryOf, jobOf, keepJson, type ReplayContext } from '../step.js'
import { SPECTRUM_INPUTS, SPECTRUM_ROWS, spectrumKey, type SpectrumInput, type SpectrumRow } from '../keys.js'
import type { ReproStage } from './names.js'
import type { ReproStageOf } from './stage.js'

const inputSize = ({ layer }: ReproPlan): number =>
  DATASETS[layer.dataset.kind].shape.reduce<number>((product, size) => product * size, 1)

function widthOf(plan: ReproPlan, row: SpectrumRow): number {
  if (row === 'Dataset') return inputSize(plan)
  return unitsOf(plan, row === 'Initialized' ? 'BP' : row)
}

/** Growing numbers of units, those of the plan that the model has and all that count. */
function unitCounts({ spectra }: ReproPlan, row: SpectrumRow, width: number): number[] {
  const below = (row === 'Dataset' ? spectra.entries : spectra.units).filter((count) => count < width)
  return row === 'Dataset' && !spectra.entries.includes(width) ? below : [...below, width]
}

function requestOf(plan: ReproPlan, row: SpectrumRow, input: SpectrumInput, model: string | null): SpectrumRequest {
  const { images, window, noiseWindow } = plan.spectra
  const noise = noiseOfShape(
    { kind: 'gaussianNoise', imageLimit: null, mean: 0, standardDeviation: 1, dataSeed: plan.seed },
    DATASETS[plan.layer.dataset.kind].shape,
  )
  return {
    model,
    source: row === 'Dataset' ? 'data' : 'hidden',
    dataset: input === 'noise' ? noise : plan.layer.dataset,
    split: 'test',
    imageNorm: null,
    executor: plan.layer.executor,
    images,
    units: unitCounts(plan, row, widthOf(plan, row)),
    window: input === 'noise' ? noiseWindow : window,
    mapSize: 0,
    resamples: 0,
    level: 0.95,
    shuffles: 0,
    crossValidation: null,
    seed: plan.seed,
  }
}

/** A model for `spectrum.ofModel`, and the hash of what it is. */
function modelOf(context: ReplayContext, row: SpectrumRow): { model: string | null; output: string | null } {
  if (row === 'Dataset') return { model: null, output: null }
  if (row === 'Initialized')
    return { model: join(context.folder, INITIAL_PATH), output: entryOf(context, 'train/init').output }
  return { model: jobOf(context, `train/${row}`), output: entryOf(context, `train/${row}`).output }
}

/** Fit parameters by the original's names; `min_n` and `max_n` count from 0, the end left out. */
const paramsOf = (fit: PowerLawFit | null): Record<string, number> | null =>
  fit === null
    ? null
    : {
        slope: fit.slope,
        intercept: fit.intercept,
        R: fit.rValue,
        'p-value': fit.pValue,
        std_err: fit.standardError,
        min_n: fit.window[0] - 1,
        max_n: fit.window[1],
      }

const recordOf = (label: string, data: ModelSpectrum, noise: ModelSpectrum): Record<string, unknown> => ({
  h_size: data.growing.map(({ units }) => units),
  spectra_data: data.growing.map(({ eigenvalues }) => eigenvalues),
  spectra_gauss: noise.growing.map(({ eigenvalues }) => eigenvalues),
  dataset_name: label,
  data_spec_params: paramsOf(data.fit),
  gauss_spec_params: paramsOf(noise.fit),
})

/** Covariance spectra for the test images and for Gaussian noise: `experiments/spectral_results.json`. */
export const spectra: ReproStageOf<ReproStage> = {
  needs: ['train'],
  steps: (plan) => [
    ...SPECTRUM_ROWS.flatMap((row) =>
      SPECTRUM_INPUTS.map((input) => ({
        key: spectrumKey(row, input),
        seconds: spectrumSeconds(plan, widthOf(plan, row)),
      })),
    ),
    { key: 'spectra', seconds: 0.2 },
  ],
  run: async (context) => {
    const { lab, plan, signal } = context
    for (const row of SPECTRUM_ROWS) {
      for (const input of SPECTRUM_INPUTS) {
        const { model, output } = modelOf(context, row)
        const request = requestOf(plan, row, input, model)
        await doStep(context, {
          key: spectrumKey(row, input),
          label: `Spectrum of ${row}, ${input}`,
          inputs: { request: { ...request, model: null }, model: output },
          isThere: (id) =>
            lab.call('spectrum.get', { id: id ?? '' }).then(
              () => true,
              () => false,
            ),
          make: async () => {
            const { id, growing } = await lab.call('spectrum.ofModel', request, { signal })
            return { job: id, files: [], output: hashOf(growing) }
          },
        })
      }
    }
    await doStep(context, {
      key: 'spectra',
      label: 'Results of spectra',
      inputs: SPECTRUM_ROWS.flatMap((row) =>
        SPECTRUM_INPUTS.map((input) => entryOf(context, spectrumKey(row, input)).output),
      ),
      make: async () => {
        const { label } = DATASETS[plan.layer.dataset.kind]
        const names: Record<SpectrumRow, string> = {
          Dataset: label,
          Initialized: 'shlp_init',
          ...(Object.fromEntries(SHOWN_MODELS.map((model) => [model, modelStem(plan, model)])) as Record<
            ShownModel,
            string
          >),
        }
        const records: Record<string, unknown> = {}
        for (const row of SPECTRUM_ROWS) {
          const [data, noise] = (await Promise.all(
            SPECTRUM_INPUTS.map((input) => lab.call('spectrum.get', { id: jobOf(context, spectrumKey(row, input)) })),
          )) as [ModelSpectrum, ModelSpectrum]
          records[names[row]] = recordOf(label, data, noise)
        }
        return { job: null, files: [await keepJson(context, 'experiments/spectral_results.json', records)] }
      },
    })
  },
}
