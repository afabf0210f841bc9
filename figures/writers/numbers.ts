/** A coordinate with three decimals at most: a thousandth of a point is a third of a micrometre. */
export const short = (value: number): string => String(Math.round(value * 1000) / 1000 + 0)
