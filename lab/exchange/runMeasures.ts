import type { NamedCurves } from '../../contract/library/exchange.js'
import type { MeasureRows } from './history.js'

/** Measures of a run in the order in which they were recorded; entry i of each array belongs together. */
export interface RunMeasures {
  names: string[]
  /** Place in `names`. */
  name: Int32Array
  step: Float64Array
  epoch: Float64Array
  /** Milliseconds since 1970; NaN where it is not known. */
  wall: Float64Array
  value: Float64Array
}

export const measuresOf = ({ names, name, step, epoch, wall, value }: MeasureRows): RunMeasures => ({
  names: [...names],
  name: Int32Array.from(name),
  step: Float64Array.from(step),
  epoch: Float64Array.from(epoch),
  wall: Float64Array.from(wall),
  value: Float64Array.from(value),
})

/** Measures by name. */
export function curvesOf({ names, name, step, epoch, value }: RunMeasures): NamedCurves {
  const rows = names.map((): number[] => [])
  for (const [row, place] of name.entries()) rows[place]?.push(row)
  const of = (column: Float64Array, own: readonly number[]): Float64Array =>
    Float64Array.from(own, (row) => column[row] ?? NaN)
  return Object.fromEntries(
    names.map((title, place) => {
      const own = rows[place] ?? []
      return [title, { epoch: of(epoch, own), step: of(step, own), value: of(value, own) }]
    }),
  )
}
