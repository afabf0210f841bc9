/** The bits of a float64 as in `expected.json`, in memory order; all NaN are one. */
export function bits(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  return Buffer.from(Float64Array.of(value).buffer).toString('hex')
}
