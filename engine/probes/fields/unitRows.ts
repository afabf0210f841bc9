/** Receptive fields of a layer, one row for each unit that has a form. */
export interface UnitRows {
  /** Rows of mean 0 and norm 1, so that products of rows are cosines. */
  rows: Float64Array
  /** The unit of each row. */
  units: Int32Array
  inputs: number
}

/** Differences of weights below this share of the largest are rounding: such a field is constant and has no direction. */
const CONSTANT = 1e-6

/**
 * Subtracts the mean of every field and divides by its norm; constant fields are left out.
 *
 * @param weights - units x inputs, row by row
 */
export function unitRows(weights: Float32Array, units: number, inputs: number): UnitRows {
  const rows = new Float64Array(units * inputs)
  const kept: number[] = []
  for (let unit = 0; unit < units; unit++) {
    const field = weights.subarray(unit * inputs, (unit + 1) * inputs)
    const mean = field.reduce((sum, weight) => sum + weight, 0) / inputs
    const largest = field.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
    const norm = Math.sqrt(field.reduce((sum, weight) => sum + (weight - mean) ** 2, 0))
    if (!Number.isFinite(norm) || norm <= CONSTANT * largest * Math.sqrt(inputs)) continue
    const from = kept.length * inputs
    for (let input = 0; input < inputs; input++) rows[from + input] = ((field[input] as number) - mean) / norm
    kept.push(unit)
  }
  return { rows: rows.slice(0, kept.length * inputs), units: Int32Array.from(kept), inputs }
}
