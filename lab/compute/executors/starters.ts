import '@tensorflow/tfjs-backend-cpu'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { deviceText, LabError, type ComputeDevice, type ExecutorName } from '../../../contract/index.js'
import { createEagerExecutor } from '../../../engine/executor/eager.js'
import type { Executor } from '../../../engine/executor/executor.js'
import type { OnnxProvider } from '../../../engine/executor/onnx/session.js'
import { nodeRequire } from '../../nodeRequire.js'
import { deviceOf, findGraphics } from '../../graphics.js'
import { checkNativeFiles } from './nativeFiles.js'
import { createTensorflow, lookAtTensorflow } from './tensorflow.js'
import { threadLimit } from './threads.js'
import { disableTf32 } from './disableTf32.js'

/** How an executor starts, and what helps when it does not. */
export interface Starter {
  /** Whether it computes on a graphics processor: `auto` takes it only when it proves faster. */
  graphics: boolean
  /** @throws LabError that says what is missing */
  start(): Promise<Executor>
  /**
   * Tells what would start without starting it, where a library would stay in the process for nothing.
   *
   * @returns in words, and the device that it should compute on
   * @throws LabError that says what is missing
   */
  look?(): Promise<{ detail: string; device: ComputeDevice }>
  /** What to do when it does not start. */
  remedy: string
}

const threadsText = (count: number): string => `${count} ${count === 1 ? 'thread' : 'threads'}`
const processor = (): ComputeDevice => ({
  kind: 'processor',
  name: cpus()[0]?.model.trim() ?? null,
  memoryBytes: totalmem(),
})

async function createWasm(): Promise<Executor> {
  const backend = await import('@tensorflow/tfjs-backend-wasm')
  backend.setWasmPaths(`${join(dirname(nodeRequire.resolve('@tensorflow/tfjs-backend-wasm')), '.')}/`)
  return createEagerExecutor({
    name: 'wasm',
    backend: 'wasm',
    description: 'WebAssembly, 1 thread',
    device: processor(),
  })
}

/** Where the package keeps its libraries for this system. */
const onnxLibraries = (): string =>
  join(dirname(nodeRequire.resolve('onnxruntime-node/package.json')), 'bin', 'napi-v6', process.platform, process.arch)

/** Loaded when it is asked for, so that its absence harms nothing else. */
async function onnx(): Promise<typeof import('../../../engine/executor/onnx/index.js')> {
  checkNativeFiles(onnxLibraries())
  // Loaded by hand first: an import whose library does not load ends the whole thread, this call only fails.
  nodeRequire('onnxruntime-node')
  return import('../../../engine/executor/onnx/index.js')
}

async function createOnnxCpu(): Promise<Executor> {
  const { createOnnxExecutor } = await onnx()
  return createOnnxExecutor({
    name: 'onnx-cpu',
    provider: 'cpu',
    description: `ONNX Runtime on the CPU, ${threadsText(threadLimit())}`,
    device: processor(),
    threads: threadLimit(),
  })
}

/** Providers that one system alone has. */
const ONLY_ON: Partial<Record<OnnxProvider, NodeJS.Platform>> = { dml: 'win32', coreml: 'darwin' }

/** Starts a provider for graphics processors, if the package brings it and a device is there. */
async function createOnnxGraphics(
  name: ExecutorName,
  provider: OnnxProvider,
  label: string,
  vendor?: 'NVIDIA',
): Promise<Executor> {
  const system = ONLY_ON[provider]
  const none = new LabError(
    'executor.unavailable',
    `onnxruntime-node does not support ${label} on ${process.platform} ${process.arch}`,
    { absent: true },
  )
  if (system !== undefined && system !== process.platform) throw none
  const adapters = (await findGraphics()).filter((adapter) => vendor === undefined || adapter.vendor === vendor)
  const [adapter] = adapters
  // A software driver is used where VK_ICD_FILENAMES names one, for tests. Elsewhere the kernel's files show a device.
  const software = provider === 'webgpu' && (process.env['VK_ICD_FILENAMES'] ?? '') !== ''
  if (adapter === undefined && process.platform === 'linux' && !software)
    throw new LabError('executor.unavailable', `no ${vendor === undefined ? '' : `${vendor} `}GPU was found`, {
      absent: true,
    })
  if (provider === 'cuda') disableTf32()
  const { createOnnxExecutor } = await onnx()
  const { listSupportedBackends } = await import('onnxruntime-node')
  if (!listSupportedBackends().some((backend) => backend.name === provider)) throw none
  // A driver in software computes on the processor, and slowly: `auto` leaves it alone.
  const device: ComputeDevice =
    adapter !== undefined
      ? deviceOf(adapter)
      : software
        ? { ...processor(), name: 'a software driver' }
        : { kind: 'graphics', name: null, memoryBytes: null }
  return createOnnxExecutor({
    name,
    provider,
    description: `ONNX Runtime, ${label}, on ${software && adapter === undefined ? 'a software driver' : deviceText(device)}`,
    device,
  })
}

/** How every executor starts. */
export const STARTERS = {
  'onnx-cuda': {
    graphics: true,
    start: () => createOnnxGraphics('onnx-cuda', 'cuda', 'CUDA', 'NVIDIA'),
    remedy:
      'Requires an NVIDIA GPU with its driver, and CUDA 12 with cuDNN 9; then run `ONNXRUNTIME_NODE_INSTALL=v12 npm rebuild --ignore-scripts=false onnxruntime-node`. Alternatively, `lab tensorflow install --gpu` requires only the driver.',
  },
  'onnx-directml': {
    graphics: true,
    start: () => createOnnxGraphics('onnx-directml', 'dml', 'DirectML'),
    remedy: 'Available on Windows 10 or later. If it does not work there, update the driver of the GPU.',
  },
  'onnx-coreml': {
    graphics: true,
    start: () => createOnnxGraphics('onnx-coreml', 'coreml', 'Core ML'),
    remedy: 'Available on macOS with Apple silicon only.',
  },
  'onnx-webgpu': {
    graphics: true,
    start: () => createOnnxGraphics('onnx-webgpu', 'webgpu', 'WebGPU'),
    remedy: 'Requires a GPU with a Vulkan driver (on Debian: `apt install libvulkan1 mesa-vulkan-drivers`).',
  },
  'tensorflow-gpu': {
    graphics: true,
    start: () => createTensorflow('tensorflow-gpu'),
    look: () => lookAtTensorflow('tensorflow-gpu'),
    remedy:
      'Run `lab tensorflow install --gpu`. It requires Linux, a C++ compiler and, to use an NVIDIA GPU, its driver.',
  },
  'onnx-cpu': {
    graphics: false,
    start: createOnnxCpu,
    remedy:
      'The package onnxruntime-node is damaged, or has no binary for this system. Run `npm ci` and restart the workbench.',
  },
  tensorflow: {
    graphics: false,
    start: () => createTensorflow('tensorflow'),
    look: () => lookAtTensorflow('tensorflow'),
    remedy: 'Run `lab tensorflow install`. It requires Linux and a C++ compiler.',
  },
  wasm: {
    graphics: false,
    start: createWasm,
    remedy: 'The package @tensorflow/tfjs-backend-wasm is damaged. Run `npm ci` and restart the workbench.',
  },
  cpu: {
    graphics: false,
    start: () =>
      createEagerExecutor({
        name: 'cpu',
        backend: 'cpu',
        description: 'plain JavaScript, 1 thread',
        device: processor(),
      }),
    remedy: 'The package @tensorflow/tfjs-backend-cpu is damaged. Run `npm ci` and restart the workbench.',
  },
} as const satisfies Record<ExecutorName, Starter>
