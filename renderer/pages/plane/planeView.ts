import type { Domain } from '../../charts/zoom.js'

/** A place in a plane, lengths in ‖Δx‖₂ from image A. */
export type PlanePosition = readonly [epsilon: number, xi: number]

/** The part of a plane that is on screen. */
export interface PlaneView {
  first: Domain
  second: Domain
}

/** Where a plane is drawn, CSS pixels from the upper left corner. */
export interface PlotBox {
  left: number
  top: number
  width: number
  height: number
}

/** Pixels of a place; ξ rises upwards. */
export function toPixel(
  { first, second }: PlaneView,
  { left, top, width, height }: PlotBox,
  [epsilon, xi]: PlanePosition,
): readonly [x: number, y: number] {
  return [
    left + ((epsilon - first[0]) / (first[1] - first[0])) * width,
    top + height - ((xi - second[0]) / (second[1] - second[0])) * height,
  ]
}

/** The place under a pixel. */
export function toPlane(
  { first, second }: PlaneView,
  { left, top, width, height }: PlotBox,
  [x, y]: readonly [number, number],
): PlanePosition {
  return [
    first[0] + ((x - left) / width) * (first[1] - first[0]),
    second[0] + ((top + height - y) / height) * (second[1] - second[0]),
  ]
}

const scaled = ([from, to]: Domain, about: number, factor: number): Domain => [
  about + (from - about) * factor,
  about + (to - about) * factor,
]

/** Of the length that was computed: nearer, single points fill the screen; farther, there is nothing but ground. */
const NEAREST = 1e-3
const FARTHEST = 4

/**
 * The view nearer to a place, or farther from it; the place stays under its pixel.
 *
 * @param factor - below 1 comes nearer, above 1 goes away
 * @param whole - the window that was computed; the view stays between a thousandth of it and four times it
 */
export function zoomed(view: PlaneView, whole: PlaneView, [epsilon, xi]: PlanePosition, factor: number): PlaneView {
  const share = (view.first[1] - view.first[0]) / (whole.first[1] - whole.first[0])
  const kept = Math.min(FARTHEST / share, Math.max(NEAREST / share, factor))
  return { first: scaled(view.first, epsilon, kept), second: scaled(view.second, xi, kept) }
}

const shifted = ([from, to]: Domain, [first, last]: Domain, by: number): Domain => {
  // The middle of the view stays over what was computed.
  const middle = (from + to) / 2
  const kept = Math.min(last - middle, Math.max(first - middle, by))
  return [from + kept, to + kept]
}

/** The view moved along the plane, its middle kept inside what was computed. */
export function panned(view: PlaneView, whole: PlaneView, [epsilon, xi]: PlanePosition): PlaneView {
  return { first: shifted(view.first, whole.first, epsilon), second: shifted(view.second, whole.second, xi) }
}

/** The square window of a reach to each side of a place. */
export const windowAbout = ([epsilon, xi]: PlanePosition, reach: number): PlaneView => ({
  first: [epsilon - reach, epsilon + reach],
  second: [xi - reach, xi + reach],
})

const same = (a: Domain, b: Domain): boolean =>
  a.every((end, index) => Math.abs(end - (b[index] ?? 0)) < 1e-9 * Math.max(1, Math.abs(end)))

/** Whether two views show the same part. */
export const sameView = (a: PlaneView, b: PlaneView): boolean => same(a.first, b.first) && same(a.second, b.second)

const VIEW_DIGITS = 5

/** A part of a plane for the address: its four ends. */
export const viewText = ({ first, second }: PlaneView): string =>
  [...first, ...second].map((value) => String(Number(value.toPrecision(VIEW_DIGITS)))).join(',')

/** @returns null if the text is not part of a plane */
export function readView(text: string): PlaneView | null {
  const [left = NaN, right = NaN, low = NaN, high = NaN, ...others] = text.split(',').map(Number)
  const isPart =
    text !== '' && others.length === 0 && right > left && high > low && [left, right, low, high].every(Number.isFinite)
  return isPart ? { first: [left, right], second: [low, high] } : null
}
