import { basename, join, resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import {
  EXECUTOR_NAMES,
  LabError,
  withoutModelEnding,
  type DatasetSpec,
  type ExecutorName,
  type ProbeModel,
  type SizeGrid,
  DATASET_KINDS,
  orText,
} from '../../../contract/index.js'
import { expectExportable } from '../../../lab/files/exports.js'
import { makeFolder } from '../../../lab/files/folders.js'
import { writeDocument } from '../../../lab/probes/documents.js'
import type { CommandContext } from '../../command.js'
import { absoluteModel } from '../../modelPaths.js'
import type { ProgressBar } from '../../output.js'
import {
  addChangingOptions,
  addGeneratedOptions,
  integer,
  labelled,
  list,
  namedSet,
  namesWithEquals,
  numberPair,
  path,
  real,
  type CommonOptions,
} from '../options.js'

/** Options of every probe. */
export interface ProbeOptions extends CommonOptions {
  model: string[]
  dataset: string
  split: string
  images?: number
  seed: number
  shape?: [number, number, number]
  imageNorm?: number
  executor: string
  out?: string
  force?: boolean
}

/** Adds what every probe takes. */
export function addProbeOptions(command: Command): Command {
  return addGeneratedOptions(addChangingOptions(command))
    .option(
      '--model <name>',
      'imported model, run, or model file; LABEL=NAME sets its label; repeatable (models with the same label are pooled as seeds)',
      list,
      [],
    )
    .option('--dataset <name>', orText(DATASET_KINDS), 'cifar10')
    .option('--split <split>', 'train or test', 'test')
    .option(
      '--images <number>',
      'use the first N images; attacks use the first N correctly classified ones; default: all',
      integer,
    )
    .option('--seed <number>', 'random seed', integer, 0)
    .option(
      '--shape <size>',
      'shape of noise images, HEIGHTxWIDTHxCHANNELS; default: the shape that the model expects',
      imageShape,
    )
    .option('--image-norm <p>', "image norm (default: the model's own, else 3)", real)
    .option('--executor <name>', 'compute backend', 'auto')
    .option('--out <folder>', 'output folder for result.json and its arrays (NumPy files)', path)
    .option('--force', 'overwrite an existing result in --out')
}

/** `28x28x1`. */
function imageShape(value: string): [number, number, number] {
  const match = /^(\d+)x(\d+)x(\d+)$/.exec(value)
  if (match === null) throw new InvalidArgumentError('expected HEIGHTxWIDTHxCHANNELS, such as 28x28x1')
  return [Number(match[1]), Number(match[2]), Number(match[3])]
}

function datasetSpec({ dataset: name, shape, ...generated }: ProbeOptions): DatasetSpec {
  const dataset = namedSet(name, generated)
  if (shape === undefined) return dataset
  if (dataset.kind !== 'gaussianNoise')
    throw new LabError(
      'usage',
      `--shape applies to gaussianNoise only; the images of ${dataset.kind} have a fixed shape`,
    )
  return { ...dataset, shape }
}

/** The part of a request that all probes share. */
export function probeRequest(options: ProbeOptions): {
  dataset: DatasetSpec
  split: 'train' | 'test'
  imageNorm: number | null
  executor: ExecutorName | 'auto'
} {
  const { split } = options
  if (split !== 'train' && split !== 'test') throw new LabError('usage', `expected --split train or test, got ${split}`)
  const executor = (['auto', ...EXECUTOR_NAMES] as const).find((name) => name === options.executor)
  if (executor === undefined)
    throw new LabError(
      'usage',
      `expected a backend, one of auto, ${EXECUTOR_NAMES.join(', ')}, got ${options.executor}`,
    )
  return { dataset: datasetSpec(options), split, imageNorm: options.imageNorm ?? null, executor }
}

/** `LABEL=NAME`, or a name whose file is its label. */
export async function probeModels(
  context: Pick<CommandContext, 'lab' | 'beside'>,
  names: readonly string[],
): Promise<ProbeModel[]> {
  if (names.length === 0) throw new LabError('usage', 'expected --model NAME-OR-FILE')
  const known = await namesWithEquals(context.lab, names)
  return Promise.all(
    names
      .map((name) => labelled(name, known))
      .map(async ({ name, label }) => ({
        model: await absoluteModel(context, name),
        label: label ?? withoutModelEnding(basename(name)),
      })),
  )
}

/** `FROM:TO:COUNT[:log|lin]`. */
export function sizeGrid(value: string): SizeGrid {
  const match = /^(.+):(\d+)(?::(log|lin))?$/.exec(value)
  const form = 'FROM:TO:COUNT[:log|lin], such as 1e-6:0.0316:400:log or 1/255:16/255:16:lin'
  if (match === null) throw new InvalidArgumentError(`Expected ${form}, got ${value}.`)
  const [from, to] = numberPair(match[1] ?? '', form)
  return { from, to, count: Number(match[2]), spacing: match[3] === 'lin' ? 'lin' : 'log' }
}

/** Shows a long command as a bar while it goes on. */
export async function withProgress<Result>(
  { lab, output }: CommandContext,
  topic: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const bars: ProgressBar[] = []
  const stop = lab.listen('lab.progress', (progress) => {
    if (progress.topic !== topic) return
    if (bars.length === 0) bars.push(output.progress(progress.text, progress.total ?? 1))
    bars[0]?.update(progress.done, progress.unit)
  })
  try {
    return await work()
  } finally {
    stop()
    bars[0]?.finish('')
  }
}

/**
 * Checks that `--out` can be written, before hours of computing.
 *
 * @throws LabError `file.exists`, `file.ofArchive`, `file.notFolder`
 */
export async function expectOut(
  { lab }: CommandContext,
  { out, force }: Pick<ProbeOptions, 'out' | 'force'>,
): Promise<void> {
  if (out === undefined) return
  const { archiveFolder } = await lab.call('lab.info', null)
  await makeFolder(resolve(out), 'umask')
  await expectExportable([join(resolve(out), 'result.json')], { overwrite: force === true, archive: archiveFolder })
}

/** Writes a result where `--out` says. */
export async function writeOut({ output }: CommandContext, folder: string | undefined, result: unknown): Promise<void> {
  if (folder === undefined) return
  await writeDocument(resolve(folder), result, 'umask')
  output.line(`Written to ${resolve(folder)}`)
}
