/** Whether a point of a leaf's own coordinates (unit size, centre 0) lies inside; one shape per class of the scenes. */
export type LeafShape = (x: number, y: number) => boolean

/** Share of a squared radius within which rounding could decide. */
const CLOSE = 1e-9

/** Whether √(x² + y²) < limit, with limit > 0; `Math.hypot`, which is slow, is asked only where rounding could decide. */
function isWithin(x: number, y: number, limit: number): boolean {
  const [square, bound] = [x * x + y * y, limit * limit]
  return Math.abs(square - bound) > CLOSE * bound ? square < bound : Math.hypot(x, y) < limit
}

/** Whether √(x² + y²) > limit, with limit > 0. */
function isBeyond(x: number, y: number, limit: number): boolean {
  const [square, bound] = [x * x + y * y, limit * limit]
  return Math.abs(square - bound) > CLOSE * bound ? square > bound : Math.hypot(x, y) > limit
}
const band = (value: number, period: number): boolean => value - period * Math.floor(value / period) < period / 2

/** The ten leaves, in the order of the class numbers (contract/dataset.ts). */
export const LEAF_SHAPES: readonly LeafShape[] = [
  (x, y) => isWithin(x, y, 1),
  (x, y) => Math.abs(x) < 0.85 && Math.abs(y) < 0.85,
  (x, y) => y > -0.7 && y < 1.1 && Math.abs(x) < (1.1 - y) * 0.6,
  (x, y) => Math.abs(x) < 1.5 && Math.abs(y) < 0.32,
  (x, y) => isWithin(x, y, 1.1) && isBeyond(x, y, 0.62),
  (x, y) => (Math.abs(x) < 0.32 && Math.abs(y) < 1.15) || (Math.abs(y) < 0.32 && Math.abs(x) < 1.15),
  (x, y) => Math.abs(x) < 1.3 && Math.abs(y) < 0.55 * Math.cos((x / 1.3) * (Math.PI / 2)),
  (x, y) => isWithin(x, y, 1.15) && band(y, 0.66),
  (x, y) => Math.abs(x) < 1 && Math.abs(y) < 1 && band(x, 1) !== band(y, 1),
  (x, y) => isWithin(x, y, 0.8 + 0.3 * Math.sin(3 * Math.atan2(y, x))),
]
