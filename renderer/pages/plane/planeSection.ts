import type { PlaneMap } from '../../../contract/index.js'
import { interpolated, type PlaneFrame } from './planeGrid.js'
import type { PlaneView } from './planeView.js'

/** One curve along a horizontal line through the plane. */
export interface SectionCurve {
  /** Class; -1 for the Jacobian norm. */
  label: number
  /** One value for each place; NaN outside what was computed. */
  values: Float64Array
}

/** A class is worth its curve when it is as likely somewhere. */
const LIKELY = 0.15
const MOST_CURVES = 5

/** Softmax of the likeliest classes along ξ, the largest first. */
export function softmaxSection(
  { probabilities, classShares }: Pick<PlaneMap, 'probabilities' | 'classShares'>,
  frame: PlaneFrame,
  view: PlaneView,
  xi: number,
  places: number,
): SectionCurve[] {
  const classes = classShares.length
  const curves = Array.from({ length: classes }, (_, label): SectionCurve => ({
    label,
    values: along(frame, view, xi, places, probabilities, classes, label),
  }))
  const peak = ({ values }: SectionCurve): number => values.reduce((most, value) => (value > most ? value : most), 0)
  return curves
    .filter((curve) => peak(curve) >= LIKELY)
    .sort((a, b) => peak(b) - peak(a))
    .slice(0, MOST_CURVES)
}

/** Jacobian norm along ξ. */
export const jacobianSection = (
  { jacobianNorm }: Pick<PlaneMap, 'jacobianNorm'>,
  frame: PlaneFrame,
  view: PlaneView,
  xi: number,
  places: number,
): SectionCurve => ({ label: -1, values: along(frame, view, xi, places, jacobianNorm, 1, 0) })

function along(
  frame: PlaneFrame,
  { first }: PlaneView,
  xi: number,
  places: number,
  values: Float32Array,
  stride: number,
  offset: number,
): Float64Array {
  return Float64Array.from({ length: places }, (_, place) =>
    interpolated(values, frame, [first[0] + (place / (places - 1)) * (first[1] - first[0]), xi], stride, offset),
  )
}

/** Label positions: at the peak of each curve, if it is high enough and no other label is near. */
export function curveNames(
  curves: readonly SectionCurve[],
  lowest = 0.3,
): { label: number; place: number; value: number }[] {
  const names: { label: number; place: number; value: number }[] = []
  for (const { label, values } of curves) {
    const count = values.length
    let place = -1
    for (let index = Math.round(count * 0.06); index < count * 0.9; index++)
      if ((values[index] ?? 0) > (values[place] ?? 0)) place = index
    const value = values[place] ?? 0
    if (
      value >= lowest &&
      names.every((other) => Math.abs(other.place - place) > count * 0.17 || Math.abs(other.value - value) > 0.3)
    )
      names.push({ label, place, value })
  }
  return names
}
