/**
 * Round values in a range, ends included: 1, 2 or 5 times a power of ten apart.
 *
 * @param most - about how many; never more than one above it
 */
export function roundValues([low, high]: readonly [number, number], most: number): number[] {
  if (!(high > low)) return []
  const rough = (high - low) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power
  const values: number[] = []
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + 1e-9 * step; index++)
    values.push(Number((index * step).toPrecision(12)))
  return values
}
