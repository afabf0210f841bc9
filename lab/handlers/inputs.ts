import { isAbsolute } from 'node:path'
import { z } from 'zod'
import {
  ARRAYS,
  DATASET_KINDS,
  EXECUTOR_NAMES,
  FIGURE_COLOURS,
  FIGURE_FORMATS,
  FIGURE_NAMES,
  isImportedId,
  issuesText,
  LabError,
  LIBRARY_ID,
  METRICS,
  MODEL_FORMATS,
  modelNameFault,
  shortened,
  MOST_SHOWN_UNITS,
  STYLE_NAMES,
  composed,
  datasetSpec,
  parseExperiment,
  parseFigureContent,
  rankWindow,
  type ArrayName,
  type CommandInput,
  type CommandName,
  type MetricName,
} from '../../contract/index.js'
import { SETTING_FORMS } from '../archive/settings.js'
import { COMPARE_INPUTS } from './compareInputs.js'
import { LIBRARY_INPUTS } from './libraryInputs.js'
import { PROBE_INPUTS } from './probeInputs.js'
import { REPLAY_INPUTS } from './replayInputs.js'

const nothing = z.null()
/** @throws LabError `run.imported`: what asks for one run of this program can do nothing with those of others */
function expectOwnRun(run: string): string {
  if (isImportedId(run)) throw new LabError('run.imported', `expected a run of this program, got ${run}`, { run })
  return run
}
const id = z
  .string()
  .transform(expectOwnRun)
  .pipe(
    z.string().regex(/^r-[0-9a-f]{4,32}$/, {
      error: (issue) => `expected a run such as r-7f21c4a0, got ${JSON.stringify(issue.input)}`,
    }),
  )
/** Also an imported run; it has no specification, and is left out of answers that list some. */
const anyRun = z.string().regex(LIBRARY_ID)
// Errors of the form keep their own codes, so the form itself parses it.
const spec = z.unknown().transform(parseExperiment)
const split = z.enum(['train', 'test'])
const kind = z.enum(DATASET_KINDS)
const path = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes('\0'), { error: 'expected a path without null bytes' })
const metricName = z.enum(Object.keys(METRICS) as [MetricName, ...MetricName[]])
const arrayName = z.enum(Object.keys(ARRAYS) as [ArrayName, ...ArrayName[]])
const window = z.tuple([z.int().min(1), z.int().min(1)])
const cutoff = z.number().positive().nullable()
const mode = z.enum(['corrected', 'faithful'])
const figure = z.enum(FIGURE_NAMES)
const style = z.enum(STYLE_NAMES)
const model = path
const upload = z.string().regex(/^[0-9a-f]{24}$/)
const modelName = z
  .string()
  .trim()
  .transform(composed)
  .superRefine((name, context) => {
    const fault = modelNameFault(name)
    if (fault !== null)
      context.addIssue({ code: 'custom', message: `${fault}, got ${JSON.stringify(shortened(name, 120))}` })
  })
// Data of a figure keep their own message, so their own form parses them.
const figureSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run'),
    run: id,
    units: z.array(z.int().min(0)).min(1).max(MOST_SHOWN_UNITS).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('results'),
    names: z
      .array(
        z.strictObject({
          name: z.string().trim().min(1).max(4096),
          label: z.string().trim().min(1).max(200).nullable(),
        }),
      )
      .min(1)
      .max(64),
    windows: z.strictObject({ dataset: rankWindow, noise: rankWindow }).nullable(),
    withPublished: z.boolean(),
    colours: z.enum(FIGURE_COLOURS).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('data'),
    name: z.string().trim().min(1).max(4096),
    content: z.unknown().transform(parseFigureContent),
  }),
])
const count = z.int().min(0).max(2000)
const runOnly = z.strictObject({ id })
const kindOnly = z.strictObject({ kind })
const pruning = z.strictObject({ id, mode, cutoff, offNorm: z.number().positive().nullable().default(null) })

const overwrite = z.boolean().default(false)
const { executor } = SETTING_FORMS
const { theme, density, railLabels, queueHeld, slots, threadsPerSlot, slotKind, shortcuts } = SETTING_FORMS
const settings = z.strictObject({
  theme: theme.exactOptional(),
  density: density.exactOptional(),
  railLabels: railLabels.exactOptional(),
  queueHeld: queueHeld.exactOptional(),
  executor: executor.exactOptional(),
  slots: slots.exactOptional(),
  threadsPerSlot: threadsPerSlot.exactOptional(),
  slotKind: slotKind.exactOptional(),
  shortcuts: shortcuts.exactOptional(),
})

/** The form of every command's input, checked where frames come in. */
const INPUTS = {
  'lab.info': nothing,
  'lab.vitals': nothing,
  'activity.list': nothing,
  'lab.doctor': nothing,
  'settings.get': nothing,
  'settings.set': settings,
  'preset.list': nothing,
  'look.assign': z.strictObject({
    things: z
      .array(
        z.strictObject({
          identity: z
            .string()
            .min(1)
            .max(2000)
            .refine((text) => text !== '__proto__'),
          label: z.string().max(4096),
        }),
      )
      .max(10_000),
  }),
  'run.estimate': z.strictObject({ spec }),
  'run.submit': z.strictObject({
    spec,
    next: z.boolean().exactOptional(),
    seeds: z.int().min(1).max(100).exactOptional(),
  }),
  'run.list': z
    .strictObject({
      after: z
        .strictObject({ id, createdAt: z.string(), group: z.strictObject({ index: z.number() }).nullable() })
        .nullable(),
      count: z.int().min(1).max(100_000),
    })
    .nullable(),
  'run.get': runOnly,
  'run.columns': z.strictObject({ ids: z.array(anyRun).max(100_000).nullable() }),
  'run.specs': z.strictObject({ ids: z.array(anyRun).max(500) }),
  'run.pause': runOnly,
  'run.resume': z.strictObject({ id, executor: executor.exactOptional() }),
  'run.stop': runOnly,
  'run.remove': runOnly,
  'run.rename': z.strictObject({
    id,
    name: z.string().trim().min(1).max(200),
    tags: z.array(z.string().trim().min(1).max(60)).max(50).exactOptional(),
  }),
  'run.metrics': z.strictObject({ id: anyRun, names: z.array(metricName).nullable() }),
  'run.arrayEpochs': z.strictObject({ id, name: arrayName }),
  'run.array': z.strictObject({ id, name: arrayName, epoch: z.int().min(0).nullable() }),
  'run.units': runOnly,
  'run.unitImages': z.strictObject({ id, unit: z.int().min(0), count: count.min(1), split }),
  'run.notices': runOnly,
  'run.files': runOnly,
  'run.readFile': z.strictObject({ id, path }),
  'queue.get': nothing,
  'queue.hold': z.strictObject({ held: z.boolean() }),
  'queue.order': z.strictObject({ ids: z.array(id).max(100_000) }),
  'spectrum.measure': z.strictObject({
    id,
    layer: z.enum(['raw', 'pruned']),
    source: z.enum(['dataset', 'noise']),
    images: z.int().min(10).max(60_000).nullable(),
    window,
  }),
  'spectrum.fit': z.strictObject({ eigenvalues: z.instanceof(Float64Array), window }),
  'prune.plan': pruning,
  'prune.apply': pruning,
  'model.list': nothing,
  'model.get': z.strictObject({ model }),
  'model.upload': z.strictObject({ upload: upload.nullable(), bytes: z.instanceof(Uint8Array) }),
  'model.import': z.strictObject({
    source: z.union([
      z.strictObject({ path }),
      z.strictObject({ fileName: z.string().min(1).max(255), bytes: z.instanceof(Uint8Array) }),
      z.strictObject({ fileName: z.string().min(1).max(255), upload }),
    ]),
    name: modelName.nullable(),
  }),
  'model.remove': z.strictObject({ model }),
  'model.export': z.strictObject({ model, format: z.enum(MODEL_FORMATS), path: path.nullable(), overwrite }),
  'model.untrained': z.strictObject({ spec, format: z.enum(MODEL_FORMATS) }),
  'model.evaluate': z.strictObject({
    model,
    dataset: datasetSpec,
    split,
    images: z.int().min(1).max(60_000).nullable(),
    lebesgueNorm: z.number().min(1).max(1000).nullable(),
    executor: z.enum(['auto', ...EXECUTOR_NAMES]),
    logits: z.int().min(0).max(60_000),
  }),
  'figure.render': z.strictObject({ figure, source: figureSource, style }),
  'figure.export': z.strictObject({
    figure,
    source: figureSource,
    style,
    formats: z.array(z.enum(FIGURE_FORMATS)).min(1),
    folder: path.nullable(),
    dpi: z.number().min(30).max(2400),
    overwrite,
  }),
  'figure.readFile': z.strictObject({
    run: id.nullable(),
    fileName: z
      .string()
      .regex(/^Figure[\w.-]+$/)
      .refine((name) => !name.includes('..')),
  }),
  'dataset.list': nothing,
  'dataset.addFolders': z.strictObject({
    folders: z.array(path.refine(isAbsolute, { error: 'expected an absolute path' })).max(100),
  }),
  'dataset.samples': z.strictObject({
    dataset: datasetSpec,
    split,
    offset: z.int().min(0),
    count,
    label: z.int().min(0).max(255).nullable(),
  }),
  'dataset.images': z.strictObject({
    dataset: datasetSpec,
    split,
    indices: z
      .instanceof(Int32Array)
      .refine(({ length }) => length <= 2000, { error: 'expected at most 2000 images at a time' }),
  }),
  'dataset.import': z.strictObject({ kind, path }),
  'dataset.download': kindOnly,
  'dataset.cancelDownload': kindOnly,
  'dataset.verify': kindOnly,
  ...COMPARE_INPUTS,
  ...LIBRARY_INPUTS,
  ...PROBE_INPUTS,
  ...REPLAY_INPUTS,
} satisfies { [Name in CommandName]: z.ZodType<CommandInput<Name>> }

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(INPUTS, name)
}

/** The value at this place of an input, short enough for a message; empty where there is none or the message contains it. */
function gotText(message: string, input: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  )
  const isPlain =
    ['number', 'string', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.length < 4 && value.every((entry) => typeof entry === 'number'))
  return message.includes('got ') || !isPlain ? '' : `, got ${JSON.stringify(value).slice(0, 80)}`
}

/**
 * Checks the input of a command.
 *
 * @throws LabError `value.range` with every fault named; a form of an experiment keeps its own codes
 */
export function parseInput<Name extends CommandName>(name: Name, input: unknown): CommandInput<Name> {
  const schema: z.ZodType = INPUTS[name]
  const result = schema.safeParse(input)
  if (result.success) return result.data as CommandInput<Name>
  const faults = issuesText(result.error.issues, 'input', ({ message, path }) => gotText(message, input, path))
  throw new LabError('value.range', `${name}: ${faults}`, { command: name })
}
