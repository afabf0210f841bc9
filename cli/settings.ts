import { LabError, parseExperiment, type ExperimentSpec, type Preset } from '../contract/index.js'
import { readUserJson } from '../lab/files/userFile.js'

type Plain = Record<string, unknown>

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

const isPlace = (value: unknown): value is Plain => typeof value === 'object' && value !== null

function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * Changes one value of a spec by its path: `layer.hiddenUnits=400`, `name=a first try`, `dataset.imageLimit=null`, `regularisers.0.strength=0.001`, or a whole branch as JSON.
 *
 * @param spec - plain JSON, changed in place
 * @param assignment - `key=value`; the value is read as JSON, else as text
 * @throws LabError `usage` without a `=`, `spec.unknownKey` for a path that is not there
 */
export function assign(spec: Plain, assignment: string): void {
  const split = assignment.indexOf('=')
  if (split < 1) throw new LabError('usage', `expected --set key=value, got ${assignment}`)
  const path = assignment.slice(0, split).split('.')
  const last = path.pop() ?? ''
  let place: unknown = spec
  // A list is an object whose keys are its places: `regularisers.0.strength`.
  for (const key of path) place = isPlace(place) ? place[key] : undefined
  if (!isPlace(place) || !Object.hasOwn(place, last)) throw new LabError('spec.unknownKey', `expected a key of the experiment, got ${assignment.slice(0, split)}`)
  place[last] = parsedValue(assignment.slice(split + 1))
}

/**
 * Reads an experiment from a file or a preset and applies `--set` and `--seed` and `--executor`.
 *
 * @param source - path of a JSON file, or the id of a preset such as `quick-look`
 * @throws LabError `file.unreadable`, `spec.invalid`, `spec.unknownKey`, `spec.newerVersion`
 */
export async function readExperiment(source: string, presets: readonly Preset[], options: { set: readonly string[]; seed?: number; executor?: string }): Promise<ExperimentSpec> {
  const preset = presets.find((candidate) => candidate.id === source)
  const spec: unknown = preset === undefined ? await readJson(source, presets) : structuredClone(preset.spec)
  if (!isPlain(spec)) throw new LabError('spec.invalid', `expected a JSON object in ${source}`)
  for (const assignment of options.set) assign(spec, assignment)
  if (options.seed !== undefined) spec['seed'] = options.seed
  if (options.executor !== undefined) spec['executor'] = options.executor
  return parseExperiment(spec)
}

async function readJson(path: string, presets: readonly Preset[]): Promise<unknown> {
  return readUserJson(path, 'spec.invalid').catch((error: unknown) => {
    if (!isMissing(error)) throw error
    throw new LabError('file.unreadable', `expected a file or one of the presets ${presets.map((preset) => preset.id).join(', ')}, got ${path}`, { path }, error)
  })
}

const isMissing = (error: unknown): boolean => error instanceof LabError && error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ENOENT'
