import type { LayerProgramOptions, LayerStepResult } from '../../learning/layerProgram.js'

/** What the update needs of a layer. */
type Parameters = Omit<LayerProgramOptions, 'rule'>

/**
 * The second half of an FKHL3 step: given who won, changes the rows of the winners and of the k-th.
 *
 * A class, because it owns four buffers that live as long as the layer: W, its metric weights, the sums, and who has one.
 */
export class WinnerUpdate {
  /** W, units x inputs. */
  readonly weights: Float32Array
  /** sign(W) |W|^(p-1), kept up to date row by row. */
  readonly metricWeights: Float32Array
  private readonly parameters: Parameters
  private increments: Float32Array
  /** Which row of `increments` belongs to a unit, or -1. */
  private readonly rowOfUnit: Int32Array
  private readonly decays: Float64Array

  constructor(parameters: Parameters) {
    this.parameters = parameters
    this.weights = parameters.weights.slice()
    this.metricWeights = new Float32Array(this.weights.length)
    this.rowOfUnit = new Int32Array(parameters.hiddenUnits).fill(-1)
    this.decays = new Float64Array(parameters.hiddenUnits)
    this.increments = new Float32Array(0)
    for (let unit = 0; unit < parameters.hiddenUnits; unit++) this.refreshMetric(unit)
  }

  /**
   * Changes the weights by one batch.
   *
   * @param images - B x d
   * @param values - overlaps of the k best units of every image, B x k, descending
   * @param indices - those units, B x k
   * @param rate - largest weight change
   */
  apply(images: Float32Array, values: Float32Array, indices: BigInt64Array, rate: number): LayerStepResult {
    const { rank, antiHebbianStrength, precision } = this.parameters
    const batch = values.length / rank
    const winners = new Int32Array(batch)
    const touched: number[] = []
    let winningOverlapSum = 0
    this.reserve(Math.min(this.parameters.hiddenUnits, 2 * batch))
    for (let image = 0; image < batch; image++) {
      const winner = Number(indices[image * rank])
      const overlap = values[image * rank] ?? NaN
      winners[image] = winner
      winningOverlapSum += overlap
      this.collect(touched, winner, 1, overlap, images, image)
      this.collect(touched, Number(indices[image * rank + rank - 1]), -antiHebbianStrength, values[image * rank + rank - 1] ?? NaN, images, image)
    }
    let largest = 0
    for (let row = 0; row < touched.length; row++) largest = Math.max(largest, this.finishIncrement(row, touched[row] ?? 0))
    const scale = rate / Math.max(largest, precision)
    let absoluteSum = 0
    for (let row = 0; row < touched.length; row++) absoluteSum += this.applyIncrement(row, touched[row] ?? 0, scale)
    for (const unit of touched) this.rowOfUnit[unit] = -1
    return { winners, winningOverlapSum, largestChange: largest * scale, absoluteChangeSum: absoluteSum }
  }

  private reserve(rows: number): void {
    const needed = rows * this.parameters.inputSize
    if (this.increments.length < needed) this.increments = new Float32Array(needed)
  }

  /** Adds g R^p x to the unit's row of sums, and g h to its decay. */
  private collect(touched: number[], unit: number, strength: number, overlap: number, images: Float32Array, image: number): void {
    const { inputSize, radius, lebesgueNorm } = this.parameters
    const pull = strength * radius ** lebesgueNorm
    let row = this.rowOfUnit[unit] ?? -1
    const from = image * inputSize
    const increments = this.increments
    if (row < 0) {
      row = touched.length
      touched.push(unit)
      this.rowOfUnit[unit] = row
      this.decays[unit] = strength * overlap
      const to = row * inputSize
      for (let input = 0; input < inputSize; input++) increments[to + input] = pull * (images[from + input] as number)
      return
    }
    this.decays[unit] = (this.decays[unit] as number) + strength * overlap
    const to = row * inputSize
    for (let input = 0; input < inputSize; input++) increments[to + input] = (increments[to + input] as number) + pull * (images[from + input] as number)
  }

  /** Subtracts W Σ g h and returns the row's largest absolute increment; a NaN entry shows in the sum of changes. */
  private finishIncrement(row: number, unit: number): number {
    const { inputSize } = this.parameters
    const decay = this.decays[unit] as number
    const { increments, weights } = this
    const to = row * inputSize
    const from = unit * inputSize
    let largest = 0
    for (let input = 0; input < inputSize; input++) {
      const value = (increments[to + input] as number) - (weights[from + input] as number) * decay
      increments[to + input] = value
      // Math.abs and no comparison with zero: signs are random, and a mispredicted branch costs more than all the rest.
      const size = Math.abs(value)
      if (!(size <= largest)) largest = size
    }
    return largest
  }

  private applyIncrement(row: number, unit: number, scale: number): number {
    const { inputSize, lebesgueNorm } = this.parameters
    const { increments, weights, metricWeights } = this
    const from = row * inputSize
    const to = unit * inputSize
    let sum = 0
    for (let input = 0; input < inputSize; input++) {
      const change = (increments[from + input] as number) * scale
      // Rounded before it is squared: a resumed run knows the stored float32 alone.
      const weight = Math.fround((weights[to + input] as number) + change)
      weights[to + input] = weight
      metricWeights[to + input] = weight * Math.abs(weight)
      sum += Math.abs(change)
    }
    if (lebesgueNorm !== 3) this.refreshMetric(unit)
    return sum
  }

  private refreshMetric(unit: number): void {
    const { inputSize, lebesgueNorm } = this.parameters
    for (let input = unit * inputSize; input < (unit + 1) * inputSize; input++) {
      const weight = this.weights[input] as number
      this.metricWeights[input] = lebesgueNorm === 2 ? weight : lebesgueNorm === 3 ? weight * Math.abs(weight) : Math.sign(weight) * Math.abs(weight) ** (lebesgueNorm - 1)
    }
  }
}
