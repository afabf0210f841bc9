import type { FrozenNetwork } from '../networks/frozenNetwork.js'

const NORM_EPSILON = 1e-5

/**
 * The classifier on top of latent activations as float64, with batch norm's running statistics multiplied in.
 *
 * @returns `rows` C x H; `bias` C; `hidden`, the size of what cancels in them, for the scale of rounding
 */
export function denseLayer(
  { options, parameters, running }: FrozenNetwork,
  units: number,
  classes: number,
): { rows: Float64Array; bias: Float64Array; hidden: number } {
  const rows = Float64Array.from(parameters['dense']?.data ?? [])
  const bias = Float64Array.from(parameters['bias']?.data ?? [])
  let hidden = bias.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  if (!options.batchNorm) return { rows, bias, hidden }
  for (let unit = 0; unit < units; unit++) {
    const of = (record: FrozenNetwork['parameters'], name: string): number => record[name]?.data[unit] ?? NaN
    const factor = of(parameters, 'scale') / Math.sqrt(of(running, 'variance') + NORM_EPSILON)
    let largest = 0
    for (let row = 0; row < classes; row++) {
      const weight = rows[row * units + unit] as number
      bias[row] = (bias[row] as number) + weight * (of(parameters, 'shift') - factor * of(running, 'mean'))
      rows[row * units + unit] = weight * factor
      largest = Math.max(
        largest,
        Math.abs(weight) * (Math.abs(of(parameters, 'shift')) + Math.abs(factor * of(running, 'mean'))),
      )
    }
    hidden += largest
  }
  return { rows, bias, hidden }
}
