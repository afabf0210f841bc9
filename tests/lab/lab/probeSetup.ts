import type { ModelRecord, RobustnessRequest } from '../../../contract/index.js'
import { randomStream } from '../../../engine/random/index.js'

/** Few scenes: images that need no files. */
export const SCENES = { kind: 'syntheticScenes', imageLimit: 400, dataSeed: 1 } as const

/** A random perceptron for images of 32 x 32 x 3; one image in ten is right by chance. */
export function sceneModel(seed: number): ModelRecord & { facts: Extract<ModelRecord['facts'], { type: 'SHLP' }> } {
  const normal = (count: number, spread: number, purpose: string): Float32Array => {
    const values = new Float32Array(count)
    randomStream(seed, purpose).fillNormal(values, spread)
    return values
  }
  return {
    facts: {
      type: 'SHLP',
      inputSize: 3072,
      hiddenUnits: 12,
      classes: 10,
      activationExponent: 1,
      batchNorm: false,
      batchesSeen: 0,
    },
    tensors: {
      weights: normal(12 * 3072, 0.03, 'weights'),
      dense: normal(120, 1, 'dense'),
      bias: normal(10, 0.1, 'bias'),
    },
  }
}

/** A small FGSM sweep on WebAssembly, over training images: the test images are always 2000, and painting them takes longer than the sweep. */
export function sweepRequest(
  changes: Partial<RobustnessRequest> & Pick<RobustnessRequest, 'models'>,
): RobustnessRequest {
  return {
    name: 'a sweep',
    dataset: SCENES,
    split: 'train',
    imageNorm: null,
    executor: 'wasm',
    images: 20,
    attack: { kind: 'fgsm', norm: 'linf', target: null },
    grid: { from: 1e-4, to: 0.1, count: 12, spacing: 'log' },
    seeds: [1],
    criticalOnly: false,
    batchSize: 10,
    level: 0.95,
    resamples: 50,
    ...changes,
  }
}
