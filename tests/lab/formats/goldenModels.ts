import type { FactsOf, ModelRecord } from '../../../contract/index.js'
import { float32Of, goldenFile, unitsByInputs, type GoldenArray } from '../../goldenFiles.js'

type Case = Record<string, GoldenArray> & {
  n: number
  model: string
  batch_norm: boolean
  W: GoldenArray
  x: GoldenArray
}
interface LayerParameters {
  in_size: number
  hidden_size: number
  n: number
  p: number
  tau_l: number
  k: number
  Delta: number
  R: number
}

/** A model of the original with what it answers, from a golden file. */
export interface GoldenModel {
  record: ModelRecord
  images: Float32Array
  /** Rows of images, and of logits; for a layer, of overlaps. */
  logits: Float32Array
  tolerance: number
  /** Name and case of the golden file. */
  source: readonly [string, number]
}

const need = (golden: Case, name: string): GoldenArray => {
  const array = golden[name]
  if (array === undefined) throw new Error(`the golden case has no ${name}`)
  return array
}

const layerFacts = (parameters: LayerParameters): Omit<FactsOf<'FKHL3'>, 'type'> => ({
  inputSize: parameters.in_size,
  hiddenUnits: parameters.hidden_size,
  activationExponent: parameters.n,
  lebesgueNorm: parameters.p,
  inverseLearningRate: parameters.tau_l,
  rank: parameters.k,
  antiHebbianStrength: parameters.Delta,
  radius: parameters.R,
})

const dense = (golden: Case): { weights: Float32Array; dense: Float32Array; bias: Float32Array } => ({
  weights: unitsByInputs(golden.W),
  dense: float32Of(need(golden, 'dense_weight')),
  bias: float32Of(need(golden, 'dense_bias')),
})

function hybrids(): GoldenModel[] {
  const { params, cases } = goldenFile<{ params: LayerParameters; cases: Case[] }>('khmodel_forward')
  return cases.map((golden, index) => ({
    record: {
      facts: { type: 'KHModel', ...layerFacts({ ...params, n: golden.n }), classes: 10 },
      tensors: dense(golden),
    },
    images: float32Of(golden.x),
    logits: float32Of(need(golden, 'logits')),
    tolerance: golden.n === 10 ? 1e-4 : 1e-5,
    source: ['khmodel_forward', index],
  }))
}

function perceptrons(): GoldenModel[] {
  return goldenFile<{ cases: Case[] }>('shlp_forward').cases.map((golden, index) => {
    const [inputSize = 0, hiddenUnits = 0] = golden.W.shape
    const norm = golden.batch_norm
      ? {
          scale: float32Of(need(golden, 'bn_gamma')),
          shift: float32Of(need(golden, 'bn_beta')),
          mean: float32Of(need(golden, 'running_mean_after')),
          variance: float32Of(need(golden, 'running_var_after')),
        }
      : {}
    const type = golden.model === 'SHLP_tanh' ? 'SHLP_tanh' : 'SHLP'
    return {
      record: {
        facts: {
          type,
          inputSize,
          hiddenUnits,
          classes: 10,
          activationExponent: golden.n,
          batchNorm: golden.batch_norm,
          batchesSeen: golden.batch_norm ? 1 : 0,
        },
        tensors: { ...dense(golden), ...norm },
      },
      images: float32Of(golden.x),
      logits: float32Of(need(golden, 'eval_logits')),
      tolerance: 1e-5,
      source: ['shlp_forward', index],
    }
  })
}

function layers(): GoldenModel[] {
  const [golden] = goldenFile<{
    cases: { params: LayerParameters; W0: GoldenArray; steps: { x: GoldenArray; h: GoldenArray }[] }[]
  }>('fkhl3_step').cases
  const [step] = golden?.steps ?? []
  if (golden === undefined || step === undefined) throw new Error('the golden file has no step')
  return (['FKHL3', 'KHL3'] as const).map((type) => ({
    record: { facts: { type, ...layerFacts(golden.params) }, tensors: { weights: unitsByInputs(golden.W0) } },
    images: float32Of(step.x),
    logits: float32Of(step.h),
    tolerance: 1e-5,
    source: ['fkhl3_step', 0],
  }))
}

/** Every model of the golden files: each type, with and without batch norm. */
export const goldenModels = (): GoldenModel[] => [...layers(), ...hybrids(), ...perceptrons()]
