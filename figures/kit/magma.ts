/** Every fifth colour of the 256 of magma (S. van der Walt, N. Smith, CC0); between them it is straight to within one step of 255. */
const KNOTS =
  '00000402020b0504160907200e0b2b140e361a104221114e29115a311165390f6e420f754a107952137c5a167e6219806a1c81721f81792282812581892881912b81992d80a1307eaa337db2357bba3878c23b75ca3e72d2426fd9466be04c67e75263ec5860f1605df4695cf7725cf97b5dfb8560fc8e64fd9869fea16efeaa74feb47bfebd82fec68afecf92fed89afde2a3fdebacfcf4b6fcfdbf'
const COLOURS = Array.from({ length: KNOTS.length / 2 }, (_, index) =>
  parseInt(KNOTS.slice(2 * index, 2 * index + 2), 16),
)
const LAST = COLOURS.length / 3 - 1

/**
 * The colour map magma: dark for small, light for large, even steps in lightness.
 *
 * @param share - 0 to 1; what lies outside takes the nearest end
 * @returns red, green and blue, 0 to 255
 */
export function magma(share: number): [number, number, number] {
  const place = Math.min(1, Math.max(0, share)) * LAST
  const knot = Math.min(LAST - 1, Math.floor(place))
  const channel = (index: number): number => {
    const from = COLOURS[3 * knot + index] ?? 0
    return Math.round(from + (place - knot) * ((COLOURS[3 * knot + 3 + index] ?? 0) - from))
  }
  return [channel(0), channel(1), channel(2)]
}
