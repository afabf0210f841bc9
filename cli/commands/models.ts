import type { Command } from 'commander'
import { resolve } from 'node:path'
import {
  DATASETS,
  EXECUTOR_NAMES,
  LabError,
  MODEL_FORMATS,
  type EvaluationRequest,
  type ModelEntry,
  type ModelFacts,
  CLASS_DATASET_KINDS,
  orText,
} from '../../contract/index.js'
import { runCommand, type CommandContext } from '../command.js'
import { bytesText, localTimeText, tableText, type ProgressBar } from '../output.js'
import {
  addChangingOptions,
  addCommonOptions,
  addGeneratedOptions,
  integer,
  namedSet,
  path,
  real,
  type CommonOptions,
} from './options.js'

/** `3072 → 2000 → 10`. */
function sizesText(facts: ModelFacts): string {
  return [facts.inputSize, facts.hiddenUnits, ...('classes' in facts ? [facts.classes] : [])].join(' → ')
}

export function modelRow({ name, label, facts, note, bytes, addedAt }: ModelEntry): string[] {
  return [
    name,
    label === name ? '' : label,
    facts?.type ?? 'unreadable',
    facts === null ? (note ?? '') : sizesText(facts),
    bytesText(bytes),
    localTimeText(addedAt),
  ]
}

export const MODEL_HEAD = ['model', 'name', 'type', 'sizes', 'size', 'added']

interface EvaluateOptions extends CommonOptions {
  model: string
  dataset: string
  split: string
  images?: number
  logits: number
  lebesgueNorm?: number
  executor: string
}

function requestOf(options: EvaluateOptions): EvaluationRequest {
  const executor = (['auto', ...EXECUTOR_NAMES] as const).find((name) => name === options.executor)
  if (executor === undefined)
    throw new LabError(
      'usage',
      `expected a backend, one of auto, ${EXECUTOR_NAMES.join(', ')}, got ${options.executor}`,
    )
  if (options.split !== 'train' && options.split !== 'test')
    throw new LabError('usage', `expected --split train or test, got ${options.split}`)
  return {
    model: options.model,
    dataset: namedSet(options.dataset, options),
    split: options.split,
    images: options.images ?? null,
    lebesgueNorm: options.lebesgueNorm ?? null,
    executor,
    logits: options.logits,
  }
}

async function evaluate({ lab, output }: CommandContext, options: EvaluateOptions): Promise<unknown> {
  const request = requestOf(options)
  const bars: ProgressBar[] = []
  const stop = lab.listen('lab.progress', ({ topic, text, done, total }) => {
    if (topic !== 'model.evaluate') return
    if (bars.length === 0) bars.push(output.progress(text, total ?? 1))
    bars[0]?.update(done, 'images')
  })
  try {
    const { images, correct, accuracy, predictions, logits, classes, lebesgueNorm, executor } = await lab.call(
      'model.evaluate',
      request,
    )
    bars[0]?.finish('images')
    output.line(
      `${request.model}: ${correct} of ${images} ${request.split} images of ${DATASETS[request.dataset.kind].label} classified correctly, accuracy ${accuracy.toFixed(4)} (p = ${lebesgueNorm}, ${executor})`,
    )
    const rows = Array.from({ length: logits.length / classes }, (_, row) =>
      Array.from(logits.subarray(row * classes, (row + 1) * classes)),
    )
    return { images, correct, accuracy, predictions, logits: rows, classes, lebesgueNorm, executor }
  } finally {
    stop()
  }
}

/** `lab models list|show|remove|export`, `lab evaluate`. */
export function addModelCommands(program: Command, exit: (code: number) => void): void {
  const models = program.command('models').description('list, show, remove and export models')
  addCommonOptions(
    models.command('list').description('list imported models and those of finished runs, newest first'),
  ).action(async (options: CommonOptions) => {
    exit(
      await runCommand({ ...options, readOnly: true }, async ({ lab, output }) => {
        const list = await lab.call('model.list', null)
        output.line(
          list.length === 0
            ? 'No models yet. Import one with `lab import FILE.pty`, or finish a run.'
            : tableText([MODEL_HEAD, ...list.map(modelRow)]),
        )
        return { models: list }
      }),
    )
  })
  addCommonOptions(models.command('show').description('show the properties and tensors of a model'))
    .argument('<model>', 'imported model, run, or model file')
    .action(async (name: string, options: CommonOptions) => {
      exit(
        await runCommand({ ...options, readOnly: true }, async ({ lab, output }) => {
          const { entry, facts, tensors } = await lab.call('model.get', { model: name })
          output.line(tableText([MODEL_HEAD, modelRow(entry)]))
          output.line(
            tableText([['fact', 'value'], ...Object.entries(facts).map(([fact, value]) => [fact, String(value)])]),
          )
          output.line(
            tableText([
              ['tensor', 'shape', 'smallest', 'largest', 'mean'],
              ...tensors.map((tensor) => [
                tensor.name,
                tensor.shape.join(' x '),
                ...[tensor.smallest, tensor.largest, tensor.mean].map((value) => value.toPrecision(4)),
              ]),
            ]),
          )
          return { model: entry, facts, tensors }
        }),
      )
    })
  addChangingOptions(models.command('remove').description('remove an imported model'))
    .argument('<model>', 'name of the imported model')
    .action(async (name: string, options: CommonOptions) => {
      exit(
        await runCommand(options, async ({ lab, output }) => {
          await lab.call('model.remove', { model: name })
          output.line(`Removed ${name}.`)
          return { removed: name }
        }),
      )
    })
  addCommonOptions(models.command('export').description('export a model to a file'))
    .argument('<model>', 'imported model, run, or model file')
    .requiredOption('--out <file>', 'output file', path)
    .option('--format <format>', `${MODEL_FORMATS.join(', ')}; default: from the file extension`)
    .option('--force', 'overwrite an existing file')
    .action(async (name: string, options: CommonOptions & { out: string; format?: string; force?: boolean }) => {
      exit(
        await runCommand({ ...options, readOnly: true }, async ({ lab, output }) => {
          const asked = options.format ?? /\.([^.]+)$/.exec(options.out)?.[1] ?? ''
          const format = MODEL_FORMATS.find((known) => known === asked.toLowerCase())
          if (format === undefined)
            throw new LabError(
              'usage',
              `expected --format to be one of ${MODEL_FORMATS.join(', ')}, got ${asked === '' ? 'none' : asked}`,
            )
          const file = await lab.call('model.export', {
            model: name,
            format,
            path: resolve(options.out),
            overwrite: options.force === true,
          })
          output.line(`${file.path ?? file.fileName} (${bytesText(file.size)})`)
          return { file: { path: file.path, format, size: file.size } }
        }),
      )
    })

  addGeneratedOptions(
    addCommonOptions(program.command('evaluate').description('measure the accuracy of a model on a dataset')),
  )
    .requiredOption('--model <model>', 'imported model, run, or model file')
    .requiredOption('--dataset <name>', orText(CLASS_DATASET_KINDS))
    .option('--split <split>', 'train or test', 'test')
    .option('--images <number>', 'use only the first N images; default: all', integer)
    .option('--logits <rows>', 'number of rows of logits in the JSON document', integer, 0)
    .option('--lebesgue-norm <p>', 'image norm for models without one of their own; default: 3', real)
    .option('--executor <name>', 'compute backend', 'auto')
    .action(async (options: EvaluateOptions) => {
      exit(await runCommand({ ...options, readOnly: true }, (context) => evaluate(context, options)))
    })
}
