/** Turns a quantity into a position along an axis. */
export interface Scale {
  kind: 'linear' | 'log'
  domain: readonly [number, number]
  /** 0 at the lower end of the domain, 1 at the upper. */
  share(value: number): number
}

export function linearScale(domain: readonly [number, number]): Scale {
  return { kind: 'linear', domain, share: (value) => (value - domain[0]) / (domain[1] - domain[0]) }
}

/** @param domain - both ends > 0 */
export function logScale(domain: readonly [number, number]): Scale {
  const low = Math.log(domain[0])
  const range = Math.log(domain[1]) - low
  return { kind: 'log', domain, share: (value) => (Math.log(value) - low) / range }
}

/** Round steps of a linear axis: 1, 2, 2.5 or 5 times a power of ten, at most `most` of them. */
export function linearTicks([low, high]: readonly [number, number], most: number): number[] {
  const rough = (high - low) / Math.max(1, most)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const first = Math.ceil(low / step - 1e-9)
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, index) => (first + index) * step)
}

/** Exponents of the labelled decades, spaced so that at most `most` are shown, and the unlabelled marks between. */
export function logTicks([low, high]: readonly [number, number], most: number): { major: number[]; minor: number[] } {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  const stride = Math.max(1, Math.ceil((last - first + 1) / most))
  const decades = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
  const major = decades.filter((exponent) => ((exponent % stride) + stride) % stride === 0)
  const inside = (value: number): boolean => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)
  const power = (exponent: number): number => Number(`1e${exponent}`)
  const minor =
    stride === 1
      ? [first - 1, ...decades]
          .flatMap((exponent) => [2, 3, 4, 5, 6, 7, 8, 9].map((factor) => factor * power(exponent)))
          .filter(inside)
      : decades.filter((exponent) => !major.includes(exponent)).map(power)
  return { major, minor }
}
