import { existsSync } from 'node:fs'
import { InvalidArgumentError, Option, type Command } from 'commander'
import {
  DATASET_KINDS,
  datasetOptions,
  LabError,
  parseNumberText,
  readInteger,
  readNumber,
  wholeSetWith,
  type DatasetKind,
  type DatasetSpec,
} from '../../contract/index.js'
import type { LabCore } from '../../lab/core.js'

/** Options of every command. */
export interface CommonOptions {
  data?: string[]
  archive?: string
  json?: boolean
  takeOver?: boolean
}

/** Collects a repeatable option. */
export const list = (value: string, previous: string[]): string[] => [...previous, value]

/** Splits `eps,png`. */
export const commaList = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** A reader for commander, which shows the message of a refusal with the option. */
export const refusing =
  <Value>(read: (text: string) => Value) =>
  (text: string): Value => {
    try {
      return read(text)
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
    }
  }

/** A number, or a refusal by commander: `0.05`, `.5`, `8/255`, `1e-3`. */
export const real = refusing(readNumber)

/** A whole number, or a refusal by commander. */
export const integer = refusing(readInteger)

/** A whole number of a range, or a refusal by commander: for numbers that say how long a list becomes. */
export const integerIn =
  (from: number, to: number) =>
  (value: string): number => {
    const number = integer(value)
    if (number < from || number > to)
      throw new InvalidArgumentError(`Expected a whole number from ${from} to ${to}, got ${value}.`)
    return number
  }

/** Whole numbers, comma-separated. */
export const integerList = (value: string): number[] => commaList(value).map(integer)

/** Two numbers `FROM:TO`. @param form - what is expected, with an example */
export function numberPair(value: string, form: string): [number, number] {
  const parts = value.split(':')
  const [from, to] = parts.map((part) => parseNumberText(part).value)
  if (parts.length !== 2 || typeof from !== 'number' || typeof to !== 'number')
    throw new InvalidArgumentError(`Expected ${form}, got ${value}.`)
  return [from, to]
}

/** The path of a file or folder; an empty one, such as an unset variable of the shell, would mean the current folder. */
export function path(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('Expected a path, got an empty value.')
  return value
}

/** Finds a dataset by its name, whatever its case and dashes. */
export function datasetKind(name: string): DatasetKind {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  const kind = DATASET_KINDS.find((candidate) => candidate.toLowerCase() === plain)
  if (kind === undefined)
    throw new LabError('usage', `expected a dataset, one of ${DATASET_KINDS.join(', ')}, got ${name}`)
  return kind
}

/** Adds the options of generated datasets, such as `--data-seed`. */
export function addGeneratedOptions(command: Command): Command {
  for (const { flag, help, read = readNumber, usual } of datasetOptions())
    command.addOption(new Option(flag, help).argParser(refusing(read)).default(usual))
  return command
}

/** The whole set of a name, with the options of a command that has those of {@link addGeneratedOptions}. */
export function namedSet(name: string, options: object): DatasetSpec {
  const values = options as Readonly<Record<string, unknown>>
  return wholeSetWith(
    datasetKind(name),
    Object.fromEntries(datasetOptions().map(({ key, flag }) => [key, values[new Option(flag).attributeName()]])),
  )
}

/**
 * Names of the archive that could be taken for `LABEL=NAME`: runs and files are called `lr=0.1` as well.
 *
 * @param values - what was given; without a `=` among them nothing is asked
 */
export async function namesWithEquals(
  lab: Pick<LabCore, 'call'>,
  values: readonly string[],
): Promise<ReadonlySet<string>> {
  if (!values.some((value) => value.includes('='))) return new Set()
  const [models, sweeps] = await Promise.all([lab.call('model.list', null), lab.call('robustness.list', null)])
  const names = [
    ...models.flatMap(({ name, label }) => [name, label]),
    ...sweeps.flatMap(({ request }) => [request.name, ...request.models.map(({ label }) => label)]),
  ]
  return new Set(names.filter((name) => name.includes('=')))
}

/**
 * `LABEL=NAME`, or a name that brings no label. A file that exists, or a known name, is taken as a whole.
 *
 * @param known - names that hold a `=`, from {@link namesWithEquals}
 */
export function labelled(value: string, known: ReadonlySet<string>): { name: string; label: string | null } {
  const whole = known.has(value) || known.has(value.replace(/\/pruned$/, '')) || existsSync(value)
  const split = whole ? null : /^([^=/\\]+)=(.+)$/.exec(value)
  return split === null ? { name: value, label: null } : { name: split[2] as string, label: split[1] as string }
}

/** A window of ranks `11:500`, both ends included. */
export function rankWindow(value: string): readonly [number, number] {
  const match = /^(\d+):(\d+)$/.exec(value)
  if (match === null) throw new InvalidArgumentError('expected FROM:TO, such as 11:500')
  return [Number(match[1]), Number(match[2])]
}

/** Adds `--data`, `--archive` and `--json`. */
export function addCommonOptions(command: Command): Command {
  return command
    .option(
      '--data <folder>',
      'folder that contains datasets or their archives; repeatable',
      (value: string, previous: string[] | undefined) => [...(previous ?? []), path(value)],
    )
    .option('--archive <folder>', 'archive folder; default: the archive of the workbench', path)
    .option('--json', 'write one JSON document to standard output, and everything else to standard error')
}

/** Adds the options of commands that change the archive: those of {@link addCommonOptions}, and `--take-over`. */
export function addChangingOptions(command: Command): Command {
  return addCommonOptions(command).option(
    '--take-over',
    'take the archive from another workbench that no longer runs or does not respond: it stops writing, and its jobs end as interrupted',
  )
}
