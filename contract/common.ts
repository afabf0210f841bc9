import { z } from 'zod'
import { datasetSpec } from './dataset.js'
import { field } from './field.js'

/** Version of the experiment's form; raised when a key changes its meaning. */
export const SPEC_VERSION = 1

/** Executors as forms name them, in the order in which `auto` prefers them; graphics processors first have to prove faster. */
export const EXECUTORS = {
  'onnx-cuda': 'ONNX Runtime, NVIDIA CUDA',
  'onnx-directml': 'ONNX Runtime, DirectML',
  'onnx-coreml': 'ONNX Runtime, Core ML',
  'onnx-webgpu': 'ONNX Runtime, WebGPU',
  'tensorflow-gpu': 'TensorFlow, NVIDIA CUDA',
  'onnx-cpu': 'ONNX Runtime, processor',
  'tensorflow': 'TensorFlow, processor',
  'wasm': 'WebAssembly',
  'cpu': 'plain JavaScript',
} as const
export type ExecutorName = keyof typeof EXECUTORS
export const EXECUTOR_NAMES = Object.keys(EXECUTORS) as [ExecutorName, ...ExecutorName[]]

const probes = z.strictObject({
  spectrumEvery: field(z.int().min(0).max(100_000), { label: 'Spectrum every', unit: 'epochs', help: 'Covariance spectrum of the hidden layer while learning; 0 turns it off.', source: '5.1' }),
  spectrumImages: field(z.int().min(10).max(60_000), { label: 'Images for it', unit: 'images', help: 'More images make small eigenvalues sharper and each measurement slower.', source: '5.1' }),
  windowStart: field(z.int().min(1).max(20_000), { label: 'Fit from rank', help: 'First rank of the power-law fit.', source: '5.2' }),
  windowEnd: field(z.int().min(3).max(20_000), { label: 'Fit to rank', help: 'Last rank of the fit; cut at the number of units.', source: '5.2' }),
  fieldsEvery: field(z.int().min(1).max(100_000), { label: 'Show fields every', unit: 'epochs', help: 'How often the receptive fields are sent to the screen.', source: '8.6', advanced: true }),
})

const checkpoints = z.strictObject({
  every: field(z.int().min(1).max(100_000), { label: 'Checkpoint every', unit: 'epochs', help: 'Exact resume from each; the last epoch is always kept.', source: '2.7' }),
  keep: field(z.int().min(1).max(1000), { label: 'Keep the last', unit: 'files', help: 'Older checkpoints are removed.', source: '2.7', advanced: true }),
})

/** What every kind of experiment has. */
export const common = {
  head: {
    version: z.literal(SPEC_VERSION),
    name: field(z.string().trim().min(1).max(200), { label: 'Name', help: 'What you will look for later.', source: '9' }),
    seed: field(z.int().min(0).max(0xffffffff), { label: 'Seed', help: 'Weights, order of the images and all random numbers follow from it.', source: '1.4' }),
    executor: field(z.enum(['auto', ...EXECUTOR_NAMES]), {
      label: 'Executor', help: 'What computes; auto takes the fastest that works here.', source: '13',
      choices: { auto: 'auto, the fastest here', ...EXECUTORS },
    }),
    dataset: datasetSpec,
  },
  probes, checkpoints,
} as const
