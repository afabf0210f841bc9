/** FNV-1a over the bits of a row. */
function hashOf(row: Uint32Array): number {
  let hash = 0x811c9dc5
  for (const bits of row) hash = Math.imul(hash ^ bits, 0x01000193)
  return hash
}

const same = (a: Uint32Array, b: Uint32Array): boolean => a.every((bits, entry) => bits === b[entry])

/**
 * Units of a layer that can differ in what they answer: those of zeros, and copies of an earlier unit bit by bit, are left out. No
 * covariance of the layer has a higher rank.
 *
 * @param weights - units x inputs, row by row
 */
export function distinctUnits(weights: Float32Array, units: number, inputs: number): number {
  const bits = new Uint32Array(weights.slice(0, units * inputs).buffer)
  const known = new Map<number, Uint32Array[]>()
  let count = 0
  for (let unit = 0; unit < units; unit++) {
    const row = bits.subarray(unit * inputs, (unit + 1) * inputs)
    // Negative zeros are zeros too.
    if (row.every((value) => (value & 0x7fffffff) === 0)) continue
    const hash = hashOf(row)
    const alike = known.get(hash) ?? []
    if (alike.some((other) => same(row, other))) continue
    known.set(hash, [...alike, row])
    count += 1
  }
  return count
}
