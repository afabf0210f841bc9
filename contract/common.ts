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
  'onnx-cpu': 'ONNX Runtime, CPU',
  tensorflow: 'TensorFlow, CPU',
  wasm: 'WebAssembly',
  cpu: 'plain JavaScript',
} as const
export type ExecutorName = keyof typeof EXECUTORS
export const EXECUTOR_NAMES = Object.keys(EXECUTORS) as [ExecutorName, ...ExecutorName[]]

const probes = z.strictObject({
  spectrumEvery: field(z.int().min(0).max(100_000), {
    label: 'Spectrum every',
    unit: 'epochs',
    help: 'Measure the covariance spectrum of the hidden layer at this interval during training; 0 turns it off.',
    source: '5.1',
  }),
  spectrumImages: field(z.int().min(10).max(60_000), {
    label: 'Images per spectrum',
    unit: 'images',
    help: 'More images give more accurate small eigenvalues, but make each measurement slower.',
    source: '5.1',
  }),
  windowStart: field(z.int().min(1).max(20_000), {
    label: 'Fit from rank',
    help: 'First rank of the power-law fit.',
    source: '5.2',
  }),
  windowEnd: field(z.int().min(3).max(20_000), {
    label: 'Fit to rank',
    help: 'Last rank of the fit, limited to the number of units.',
    source: '5.2',
  }),
  fieldsEvery: field(z.int().min(1).max(100_000), {
    label: 'Show fields every',
    unit: 'epochs',
    help: 'Update the receptive fields on the screen at this interval.',
    source: '8.6',
    advanced: true,
  }),
})

const checkpoints = z.strictObject({
  every: field(z.int().min(1).max(100_000), {
    label: 'Checkpoint every',
    unit: 'epochs',
    help: 'Runs can resume exactly from any checkpoint. The final epoch is always saved.',
    source: '2.7',
  }),
  keep: field(z.int().min(1).max(1000), {
    label: 'Keep the last',
    unit: 'files',
    help: 'Number of checkpoints to keep; older ones are removed.',
    source: '2.7',
    advanced: true,
  }),
})

/** What every kind of experiment has. */
export const common = {
  head: {
    version: z.literal(SPEC_VERSION),
    name: field(z.string().trim().min(1).max(200), {
      label: 'Name',
      help: 'Shown in lists, legends and file names.',
      source: '9',
    }),
    seed: field(z.int().min(0).max(0xffffffff), {
      label: 'Seed',
      help: 'Seeds weight initialisation, shuffling and all other random numbers.',
      source: '1.4',
    }),
    executor: field(z.enum(['auto', ...EXECUTOR_NAMES]), {
      label: 'Backend',
      help: 'Compute backend. Auto uses the fastest one available.',
      source: '13',
      choices: { auto: 'auto (fastest available)', ...EXECUTORS },
    }),
    dataset: datasetSpec,
  },
  probes,
  checkpoints,
} as const
