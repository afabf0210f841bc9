import { z } from 'zod'
import { LabError } from './errors.js'
import { issuesText } from './issues.js'
import { LOOK_DASHES } from './looks.js'
import {
  FIGURE_NAMES,
  MOST_SHOWN_UNITS,
  type FigureContent,
  type FigureDataOf,
  type FigureName,
  type FigureSpectra,
} from './figure.js'

/** Version of the form below; a file of a later one is refused. */
export const FIGURE_FILE_VERSION = 1

/** Everything that a sweep, a spectrum or a plane can hold can be drawn, exported and read again. */
const MOST_MODELS = 64
const MOST_CURVES = 64
const LONGEST_LABEL = 200

const finite = z.number()
const positive = z.number().positive()
const fraction = z.number().min(0).max(1)
const label = z.string().trim().min(1).max(LONGEST_LABEL)
const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, { error: 'expected a colour #rrggbb' })
  .nullable()
const model = z.strictObject({
  label,
  colour,
  dash: z
    .int()
    .min(0)
    .max(LOOK_DASHES - 1)
    .exactOptional(),
})
/** JSON has no NaN: it is written as null. */
const orNaN = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN)
const float64 = <Entry extends z.ZodType<number>>(entry: Entry) =>
  z.array(entry).transform((values) => Float64Array.from(values))
const float32 = <Entry extends z.ZodType<number>>(entry: Entry) =>
  z.array(entry).transform((values) => Float32Array.from(values))

const isRising = (values: ArrayLike<number>): boolean =>
  Array.prototype.every.call(values, (value: number, index) => index === 0 || value > (values[index - 1] ?? Infinity))
const isFalling = (values: ArrayLike<number>): boolean =>
  Array.prototype.every.call(values, (value: number, index) => index === 0 || value <= (values[index - 1] ?? -Infinity))

const sweep = z
  .strictObject({ epsilons: float64(positive), relativeAccuracy: float64(fraction), criticalNorms: float64(orNaN) })
  .superRefine(({ epsilons, relativeAccuracy }, context) => {
    if (epsilons.length < 1 || !isRising(epsilons))
      context.addIssue({
        code: 'custom',
        path: ['epsilons'],
        message: 'expected increasing perturbation sizes ε, at least one',
      })
    if (relativeAccuracy.length !== epsilons.length)
      context.addIssue({
        code: 'custom',
        path: ['relativeAccuracy'],
        message: `expected ${epsilons.length} values, one per ε, got ${relativeAccuracy.length}`,
      })
  })

const figure1 = z
  .strictObject({
    models: z.array(model).min(1).max(MOST_MODELS),
    withPublished: z.boolean().exactOptional(),
    attacks: z
      .array(z.strictObject({ label, sweeps: z.array(sweep) }))
      .min(1)
      .max(8),
  })
  .superRefine(({ models, attacks }, context) => {
    attacks.forEach(({ sweeps }, index) => {
      if (sweeps.length !== models.length)
        context.addIssue({
          code: 'custom',
          path: ['attacks', index, 'sweeps'],
          message: `expected ${models.length} sweeps, one per model, got ${sweeps.length}`,
        })
    })
  })

const eigenvalues = float64(finite).refine((values) => values.length > 0 && isFalling(values), {
  error: 'expected eigenvalues in descending order',
})
const fit = z.strictObject({
  slope: finite,
  intercept: finite,
  standardError: finite,
  rValue: finite,
  rSquared: finite,
  pValue: finite,
  window: z
    .tuple([z.int().min(1), z.int().min(1)])
    .refine(([first, last]) => last > first, { error: 'expected a window whose last rank is above its first' }),
})
const spectra: z.ZodType<FigureSpectra> = z.strictObject({
  curves: z
    .array(
      z
        .strictObject({ units: z.int().min(1), eigenvalues })
        .refine((curve) => (curve.eigenvalues[0] ?? 0) > 0, { error: 'expected the first eigenvalue to be above 0' }),
    )
    .min(1)
    .max(MOST_CURVES),
  fit: fit.nullable(),
  warnings: z.array(z.string().max(1000)).exactOptional(),
})
const spectraFigure = z.strictObject({
  datasetLabel: label,
  withPublished: z.boolean().exactOptional(),
  rows: z
    .array(z.strictObject({ label, dataset: spectra, noise: spectra }))
    .min(1)
    .max(MOST_MODELS),
})

const MOST_CLASSES = 10
const plane = z.strictObject({
  model,
  classes: z
    .array(
      z
        .int()
        .min(0)
        .max(MOST_CLASSES - 1),
    )
    .transform((values) => Uint8Array.from(values)),
  confidence: float32(fraction),
  jacobianNorm: float32(z.number().min(0)),
})
const figure4 = z
  .strictObject({
    epsilonAxis: float64(finite),
    xiAxis: float64(finite),
    classCount: z.int().min(2).max(MOST_CLASSES),
    classNames: z.array(label).exactOptional(),
    planes: z.array(plane).min(1).max(MOST_MODELS),
  })
  .superRefine(({ epsilonAxis, xiAxis, classCount, classNames, planes }, context) => {
    if (classNames !== undefined && classNames.length !== classCount)
      context.addIssue({
        code: 'custom',
        path: ['classNames'],
        message: `expected ${classCount} names, one for each class, got ${classNames.length}`,
      })
    if (epsilonAxis.length < 2 || xiAxis.length < 2)
      context.addIssue({
        code: 'custom',
        path: ['epsilonAxis'],
        message: 'expected at least two points along each axis',
      })
    const points = epsilonAxis.length * xiAxis.length
    planes.forEach((map, index) => {
      for (const name of ['classes', 'confidence', 'jacobianNorm'] as const) {
        if (map[name].length !== points)
          context.addIssue({
            code: 'custom',
            path: ['planes', index, name],
            message: `expected ${points} values, ${xiAxis.length} rows of ${epsilonAxis.length}, got ${map[name].length}`,
          })
      }
      const strange = map.classes.find((value) => value >= classCount)
      if (strange !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['planes', index, 'classes'],
          message: `expected classes below ${classCount}, got ${strange}`,
        })
    })
  })

const figureA1 = z
  .strictObject({
    imageShape: z.tuple([z.int().min(1), z.int().min(1), z.union([z.literal(1), z.literal(3)])]),
    hiddenUnits: z.int().min(1),
    units: z.array(z.int().min(0)).nullable(),
    shownUnits: z.array(z.int().min(0)).min(1).max(MOST_SHOWN_UNITS).exactOptional(),
    rawWeights: float32(finite),
    prunedWeights: float32(finite),
    variances: float64(z.number().min(0)),
    cutoff: positive.nullable(),
    datasetLabel: label,
    spectra: z.strictObject({
      datasetRaw: eigenvalues,
      datasetPruned: eigenvalues,
      noiseRaw: eigenvalues,
      noisePruned: eigenvalues,
    }),
  })
  .superRefine(
    (
      { imageShape: [height, width, channels], hiddenUnits, units, shownUnits, rawWeights, prunedWeights, variances },
      context,
    ) => {
      const strange = shownUnits?.find((unit) => (units === null ? unit >= hiddenUnits : !units.includes(unit)))
      if (strange !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['shownUnits'],
          message: `expected units whose weights are given, got ${strange}`,
        })
      const expected = (units?.length ?? hiddenUnits) * height * width * channels
      for (const [name, weights] of [
        ['rawWeights', rawWeights],
        ['prunedWeights', prunedWeights],
      ] as const) {
        if (weights.length !== expected)
          context.addIssue({
            code: 'custom',
            path: [name],
            message: `expected ${expected} weights, got ${weights.length}`,
          })
      }
      if (variances.length !== hiddenUnits)
        context.addIssue({
          code: 'custom',
          path: ['variances'],
          message: `expected ${hiddenUnits} variances, one per unit, got ${variances.length}`,
        })
    },
  )

const figureA2 = z.strictObject({
  withPublished: z.boolean().exactOptional(),
  models: z
    .array(
      z.strictObject({
        model,
        testAccuracy: fraction,
        medianCriticalNorm: z.strictObject({ random: positive.nullable(), pgd: positive.nullable() }),
      }),
    )
    .min(1)
    .max(MOST_MODELS),
})

const DATA_FORMS = {
  '1': figure1,
  '2': spectraFigure,
  '3': spectraFigure,
  '4': figure4,
  A1: figureA1,
  A2: figureA2,
} satisfies { [Name in FigureName]: z.ZodType<FigureDataOf[Name]> }

const head = z.strictObject({ version: z.int().min(1), figure: z.enum(FIGURE_NAMES), data: z.unknown() })

/**
 * Reads a figure's data from the form of docs/FILES.md.
 *
 * @param value - parsed JSON: `{ "version": 1, "figure": "1", "data": {…} }`
 * @throws LabError `value.range` with every fault named and its place, also for unknown keys
 */
export function parseFigureFile(value: unknown): FigureContent {
  const refuse = (issues: readonly z.core.$ZodIssue[], at: string): never => {
    const placed = issues.map((issue) => ({ ...issue, path: [...(at === '' ? [] : [at]), ...issue.path] }))
    throw new LabError('value.range', `the figure data are not valid: ${issuesText(placed, 'file')}`)
  }
  const outer = head.safeParse(value)
  if (!outer.success) return refuse(outer.error.issues, '')
  if (outer.data.version > FIGURE_FILE_VERSION)
    throw new LabError(
      'value.range',
      `expected figure data of version ${FIGURE_FILE_VERSION}, got version ${outer.data.version}; the file was written by a newer program`,
    )
  const { figure } = outer.data
  const inner = DATA_FORMS[figure].safeParse(outer.data.data)
  if (!inner.success) return refuse(inner.error.issues, 'data')
  return { figure, data: inner.data } as FigureContent
}

/** No form of a figure is half as deep. */
const DEEPEST = 20

/** Numbers as they come over a link: typed arrays replace lists, NaN replaces null. */
const listed = (value: unknown, depth = 0): unknown => {
  if (depth > DEEPEST) throw new LabError('value.range', `the figure data are nested more than ${DEEPEST} levels deep`)
  if (value instanceof Float32Array || value instanceof Float64Array || value instanceof Uint8Array)
    return Array.from(value, (entry) => (Number.isNaN(entry) ? null : entry))
  if (Array.isArray(value)) return value.map((entry) => listed(entry, depth + 1))
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, listed(entry, depth + 1)]))
    : value
}

/** Checks a figure's data that came over a link, `{ figure, data }`. @throws LabError `value.range` */
export function parseFigureContent(value: unknown): FigureContent {
  return parseFigureFile(
    typeof value === 'object' && value !== null
      ? { version: FIGURE_FILE_VERSION, ...(listed(value) as object) }
      : value,
  )
}

/** The same data with the paper's values drawn beside them, or with its axis limits; null for a figure that has neither. */
export function withPublishedValues({ figure, data }: FigureContent): FigureContent | null {
  switch (figure) {
    case '1':
      return { figure, data: { ...data, withPublished: true } }
    case '2':
      return { figure, data: { ...data, withPublished: true } }
    case '3':
      return { figure, data: { ...data, withPublished: true } }
    case 'A2':
      return { figure, data: { ...data, withPublished: true } }
    default:
      return null
  }
}

/** Float32 values need nine digits, no more. */
const DIGITS_OF_FLOAT32 = 9

/** The text that {@link parseFigureFile} reads back to the same numbers. */
export function figureFileText({ figure, data }: FigureContent): string {
  const plain = (_key: string, value: unknown): unknown => {
    if (value instanceof Float32Array)
      return Array.from(value, (entry) => (Number.isNaN(entry) ? null : Number(entry.toPrecision(DIGITS_OF_FLOAT32))))
    if (value instanceof Float64Array || value instanceof Uint8Array)
      return Array.from(value, (entry) => (Number.isNaN(entry) ? null : entry))
    return value
  }
  return `${JSON.stringify({ version: FIGURE_FILE_VERSION, figure, data }, plain)}\n`
}
