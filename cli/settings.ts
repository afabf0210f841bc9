import { LabError, parseExperiment, parseNumberText, type ExperimentSpec, type Preset } from '../contract/index.js'
import { readUserJson } from '../lab/files/userFile.js'

type Plain = Record<string, unknown>

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

const parsedJson = (text: string): { value: unknown } | null => {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return null
  }
}

/** A value that could also be a text: a number or a word of JSON in the place of a null. */
interface Ambiguous {
  takeAsText(): void
}

/**
 * The value of an assignment, by what it replaces: a text stays a text, even when it looks like a number; a number is read
 * as people write numbers; everything else is JSON.
 */
function parsedValue(text: string, current: unknown): { value: unknown; ambiguous: boolean } {
  const json = parsedJson(text)
  const plain = { value: json === null ? text : json.value, ambiguous: false }
  if (typeof current === 'string')
    return { value: typeof json?.value === 'string' ? json.value : text, ambiguous: false }
  if (typeof current === 'number' || current === null) {
    const reading = parseNumberText(text)
    if (reading.value !== null) return { value: reading.value, ambiguous: current === null }
    return {
      ...plain,
      ambiguous: current === null && json !== null && json.value !== null && typeof json.value !== 'object',
    }
  }
  return plain
}

/** Whether a place has a key of its own: neither what every object inherits, nor the length of a list. */
const hasKey = (place: unknown, key: string): place is Plain =>
  typeof place === 'object' &&
  place !== null &&
  Object.hasOwn(place, key) &&
  (!Array.isArray(place) || /^\d+$/.test(key))

/**
 * Changes one value by its path: `layer.hiddenUnits=400`, `name=a first try`, `dataset.imageLimit=null`, `regularisers.0.strength=1/3`,
 * or a whole branch as JSON.
 *
 * @param spec - plain JSON, changed in place
 * @param assignment - `key=value`
 * @returns how to take the value as a text instead, where both are possible; else null
 * @throws LabError `usage` without a `=`, `spec.unknownKey` for a path that does not exist
 */
export function assign(spec: Plain, assignment: string): Ambiguous | null {
  const split = assignment.indexOf('=')
  if (split < 1) throw new LabError('usage', `expected --set key=value, got ${assignment}`)
  const path = assignment.slice(0, split).split('.')
  const last = path.pop() ?? ''
  let place: unknown = spec
  // A list is an object whose keys are its places: `regularisers.0.strength`.
  for (const key of path) place = hasKey(place, key) ? place[key] : undefined
  if (!hasKey(place, last))
    throw new LabError('spec.unknownKey', `${assignment.slice(0, split)} is not a key of the experiment`)
  const text = assignment.slice(split + 1)
  const target = place
  const { value, ambiguous } = parsedValue(text, target[last])
  target[last] = value
  return ambiguous
    ? {
        takeAsText: () => {
          target[last] = text
        },
      }
    : null
}

/** Parses a spec; where that fails, once more with the values that could be texts as texts. */
function parseWith(spec: Plain, ambiguous: readonly Ambiguous[]): ExperimentSpec {
  try {
    return parseExperiment(spec)
  } catch (error) {
    if (ambiguous.length === 0) throw error
    for (const value of ambiguous) value.takeAsText()
    try {
      return parseExperiment(spec)
    } catch {
      throw error
    }
  }
}

/**
 * Reads an experiment from a file or a preset and applies `--set` and `--seed` and `--executor`.
 *
 * @param source - path of a JSON file, or the id of a preset such as `quick-look`
 * @throws LabError `file.unreadable`, `spec.invalid`, `spec.unknownKey`, `spec.newerVersion`
 */
export async function readExperiment(
  source: string,
  presets: readonly Preset[],
  options: { set: readonly string[]; seed?: number; executor?: string },
): Promise<ExperimentSpec> {
  const preset = presets.find((candidate) => candidate.id === source)
  const spec: unknown = preset === undefined ? await readJson(source, presets) : structuredClone(preset.spec)
  if (!isPlain(spec)) throw new LabError('spec.invalid', `expected a JSON object in ${source}`)
  const ambiguous = options.set.flatMap((assignment) => assign(spec, assignment) ?? [])
  if (options.seed !== undefined) spec['seed'] = options.seed
  if (options.executor !== undefined) spec['executor'] = options.executor
  return parseWith(spec, ambiguous)
}

async function readJson(path: string, presets: readonly Preset[]): Promise<unknown> {
  return readUserJson(path, 'spec.invalid').catch((error: unknown) => {
    if (!isMissing(error)) throw error
    throw new LabError(
      'file.unreadable',
      `expected a JSON file or one of the presets ${presets.map((preset) => preset.id).join(', ')}, got ${path}`,
      { path },
      error,
    )
  })
}

const isMissing = (error: unknown): boolean =>
  error instanceof LabError && error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ENOENT'
