import type { HostArray } from '../../engine/executor/tree.js'
import type { NetworkOptions } from '../../engine/networks/index.js'
import { normal, type Sizes } from './stage.js'

/** The perceptron of the paper: rectified, no batch norm. */
export const NETWORK = {
  kind: 'perceptron',
  activationExponent: 1,
  batchNorm: false,
  lebesgueNorm: 2,
} as const satisfies NetworkOptions

/** Its first parameters. */
export function firstParameters({ inputs, units, classes }: Sizes): Record<'weights' | 'dense' | 'bias', HostArray> {
  return {
    weights: { data: normal(units * inputs, 11, Math.sqrt(2 / inputs)), shape: [units, inputs] },
    dense: { data: normal(classes * units, 12, 1 / Math.sqrt(3 * units)), shape: [classes, units] },
    bias: { data: new Float32Array(classes), shape: [classes] },
  }
}

/** A batch of images and labels. */
export function batchOf({ inputs, batch, classes }: Sizes): Record<'images' | 'labels', HostArray> {
  return {
    images: {
      data: normal(batch * inputs, 13, 0.3).map((value) => Math.min(1, Math.abs(value))),
      shape: [batch, inputs],
    },
    labels: { data: Int32Array.from({ length: batch }, (_, index) => index % classes), shape: [batch] },
  }
}
