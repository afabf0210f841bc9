import { DATASETS, imageShape, type DatasetSpec, type DatasetSplit } from '../../contract/index.js'
import { randomStream } from '../random/index.js'
import type { ImageSource } from './imageSource.js'

const SPLIT_NUMBER = { train: 0, test: 1 } as const satisfies Record<DatasetSplit, number>

/**
 * Images of independent N(mean, standardDeviation²) entries, each drawn from (seed, split, index) when it is read, so that
 * two passes see the same images and nothing is stored. Images of another shape begin with the same numbers.
 *
 * Source: the original's noise set, which draws new values at every access; docs/SOURCES.md 1.1.
 */
export function gaussianNoise(spec: Extract<DatasetSpec, { kind: 'gaussianNoise' }>, split: DatasetSplit): ImageSource {
  const facts = DATASETS.gaussianNoise
  const shape = imageShape(spec)
  const size = shape[0] * shape[1] * shape[2]
  const total = split === 'train' ? facts.trainImages : facts.testImages
  const count = Math.min(spec.imageLimit ?? total, total)
  const scratch = new Float32Array(size)
  const draw = (index: number): Float32Array => {
    randomStream(spec.dataSeed, 'gaussian noise', SPLIT_NUMBER[split], index).fillNormal(scratch, 1)
    return scratch
  }
  return {
    shape,
    count,
    labels: new Uint8Array(count),
    normalised: facts.normalised,
    identity: {
      gaussianNoise: `mean ${spec.mean}, standard deviation ${spec.standardDeviation}, seed ${spec.dataSeed}, ${split}${spec.shape === undefined ? '' : `, ${spec.shape.join(' x ')}`}`,
    },
    read: (index, target, offset) => {
      const values = draw(index)
      for (let entry = 0; entry < size; entry++)
        target[offset + entry] = spec.mean + spec.standardDeviation * (values[entry] as number)
    },
    display: (index, target, offset) => {
      const values = draw(index)
      for (let entry = 0; entry < size; entry++)
        target[offset + entry] = Math.max(0, Math.min(255, Math.round(127.5 + (values[entry] as number) * 42.5)))
    },
  }
}
