import { z } from 'zod'
import { datasetSpec, type DatasetSpec, type DatasetSplit } from './dataset.js'
import type { WireError } from './errors.js'
import { EXECUTOR_NAMES, type ExecutorName } from './common.js'
import { field } from './field.js'

/** Which images a probe reads and how they are scaled: the part that all probes share. */
export const probeImages = {
  dataset: datasetSpec,
  split: field(z.enum(['train', 'test']), {
    label: 'Split',
    help: 'Published results use the test set.',
    source: '1.1',
    choices: { train: 'training', test: 'test' },
  }),
  imageNorm: field(z.number().min(1).max(8).nullable(), {
    label: 'Image norm',
    symbol: 'p',
    help: 'Scale every image to unit Lp norm. Leave empty to use the norm that each model was trained with, or 3 if it is unknown.',
    source: '1.2',
    advanced: true,
    empty: 'the model’s own',
  }),
  executor: field(z.enum(['auto', ...EXECUTOR_NAMES]), {
    label: 'Backend',
    help: 'Compute backend. Auto uses the fastest one available.',
    source: '13',
    advanced: true,
  }),
}

/** A model as a user names it: name or id of a model of the archive, id of a run, or path of a file. */
export const modelName = z.string().trim().min(1).max(4096)

/** A model of a probe. Models of one label are seeds of one training: their images are pooled. */
export const probeModel = z.strictObject({ model: modelName, label: z.string().trim().min(1).max(200) })
export type ProbeModel = z.infer<typeof probeModel>

/** A seed: the same seed gives the same bits. */
export const probeSeed = field(z.int().min(0).max(0xffffffff), {
  label: 'Seed',
  help: 'Seeds all random numbers of the measurement.',
  source: '1.4',
})

/** `from`, `from + step` …, or evenly on a logarithmic axis; both ends belong to it. */
export const sizeGrid = z
  .strictObject({
    from: field(z.number().min(0).max(1e6), {
      label: 'Smallest perturbation',
      symbol: 'ε',
      help: 'Smallest ε, in normalised pixel units (pixel values here range from about 0 to 0.3).',
      source: '6',
    }),
    to: field(z.number().positive().max(1e6), {
      label: 'Largest perturbation',
      symbol: 'ε',
      help: 'Largest ε tested.',
      source: '6',
    }),
    count: field(z.int().min(1).max(10_000), {
      label: 'Number of ε values',
      unit: 'values',
      help: 'The paper uses 400.',
      source: '6',
    }),
    spacing: field(z.enum(['log', 'lin']), {
      label: 'Spacing',
      help: 'Logarithmic (equal ratios) or linear (equal steps).',
      source: '6',
      choices: { log: 'logarithmic', lin: 'linear' },
    }),
  })
  .superRefine(({ from, to, count, spacing }, context) => {
    if (count > 1 && !(to > from))
      context.addIssue({ code: 'custom', path: ['to'], message: `expected increasing ε values, got ${from} to ${to}` })
    if (spacing === 'log' && !(from > 0))
      context.addIssue({
        code: 'custom',
        path: ['from'],
        message: `expected a logarithmic grid to start above 0, got ${from}`,
      })
  })
export type SizeGrid = z.infer<typeof sizeGrid>

/** What every stored result of a probe says about its origin. Times are ISO 8601. */
export interface ProbeOrigin {
  version: 1
  createdAt: string
  /** Seconds of computing. */
  seconds: number
  /** Null before it has computed. */
  executor: ExecutorName | null
  /** Program, node, platform, libraries. */
  versions: Record<string, string>
  /** sha256 of the dataset's files, or of the generator's name and settings. */
  datasetHashes: Record<string, string>
  dataset: DatasetSpec
  split: DatasetSplit
}

/** A model of a result: as it was named, the sha256 of its facts and tensors, and p of the images that it was shown. */
export interface ProbedModel extends ProbeModel {
  hash: string
  imageNorm: number
}

/** States of a probe that takes long; `interrupted`: the program was closed or died, `resume` goes on exactly. */
export const PROBE_STATES = ['queued', 'running', 'paused', 'interrupted', 'finished', 'failed'] as const
export type ProbeState = (typeof PROBE_STATES)[number]

/** Progress of a long probe. */
export interface ProbeProgress {
  state: ProbeState
  done: number
  total: number
  /** What is done now, in words: `BP, seed 7, size 0.0021`. */
  text: string
  /** Estimate while running. */
  secondsLeft: number | null
  error: WireError | null
}

/** An estimate with the interval that holds the true value with probability `level`. */
export interface Interval {
  lower: number
  upper: number
}
