import { z } from 'zod'
import { LOOK_DASHES } from '../looks.js'

/** A model in a figure. `colour` is `#rrggbb`; null takes the paper's colour of that label, or the next free one. */
export interface FigureModel {
  label: string
  colour: string | null
  /** Dash of its lines and shape of its dots, 0 to 3, as in the window; absent: solid and round. */
  dash?: number
}

/** Everything that a sweep, a spectrum or a plane can hold can be drawn, exported and read again. */
export const MOST_MODELS = 64
export const MOST_CURVES = 64
const LONGEST_LABEL = 200

export const finite = z.number()
export const positive = z.number().positive()
export const fraction = z.number().min(0).max(1)
export const label = z.string().trim().min(1).max(LONGEST_LABEL)
const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, { error: 'expected a colour #rrggbb' })
  .nullable()
export const model = z.strictObject({
  label,
  colour,
  dash: z
    .int()
    .min(0)
    .max(LOOK_DASHES - 1)
    .exactOptional(),
})
/** JSON has no NaN: it is written as null. */
export const orNaN = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN)
export const float64 = <Entry extends z.ZodType<number>>(entry: Entry) =>
  z.array(entry).transform((values) => Float64Array.from(values))
export const float32 = <Entry extends z.ZodType<number>>(entry: Entry) =>
  z.array(entry).transform((values) => Float32Array.from(values))

export const isRising = (values: ArrayLike<number>): boolean =>
  Array.prototype.every.call(values, (value: number, index) => index === 0 || value > (values[index - 1] ?? Infinity))
const isFalling = (values: ArrayLike<number>): boolean =>
  Array.prototype.every.call(values, (value: number, index) => index === 0 || value <= (values[index - 1] ?? -Infinity))

export const eigenvalues = float64(finite).refine((values) => values.length > 0 && isFalling(values), {
  error: 'expected eigenvalues in descending order',
})
