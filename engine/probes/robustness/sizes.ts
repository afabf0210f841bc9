import { LabError, type SizeGrid } from '../../../contract/index.js'

/**
 * The sizes of a grid, both ends included: 10^(evenly spaced logarithms), or evenly spaced.
 *
 * @throws LabError `probe.grid` when they do not rise
 */
export function gridSizes({ from, to, count, spacing }: SizeGrid): Float64Array {
  if (spacing === 'log' && !(from > 0))
    throw new LabError('probe.grid', `expected a logarithmic grid to start above 0, got ${from}`, { from })
  const [first, last] = spacing === 'log' ? [Math.log10(from), Math.log10(to)] : [from, to]
  const sizes = Float64Array.from({ length: count }, (_, index) => {
    const place = count === 1 ? first : first + (last - first) * (index / (count - 1))
    return spacing === 'log' ? 10 ** place : place
  })
  // The ends are exactly what was asked for.
  if (count > 0) sizes[0] = from
  if (count > 1) sizes[count - 1] = to
  expectRising(sizes)
  return sizes
}

/** @throws LabError `probe.grid` for sizes that do not rise, are negative or not finite */
export function expectRising(sizes: ArrayLike<number>): void {
  if (sizes.length === 0) throw new LabError('probe.grid', 'expected at least one ε value, got none')
  for (let index = 0; index < sizes.length; index++) {
    const size = sizes[index] as number
    const before = index === 0 ? -1 : (sizes[index - 1] as number)
    if (!(Number.isFinite(size) && size >= 0 && size > before))
      throw new LabError(
        'probe.grid',
        `expected finite, non-negative and strictly increasing ε values, but index ${index} is ${size}${before === -1 ? '' : ` after ${before}`}`,
        { place: index + 1 },
      )
  }
}
