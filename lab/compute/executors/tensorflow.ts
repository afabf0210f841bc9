import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { deviceText, LabError, type ComputeDevice, type ExecutorName } from '../../../contract/index.js'
import { createEagerExecutor } from '../../../engine/executor/eager.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { findBackend, getKernel, registerBackend, type KernelBackend } from '../../../engine/tf.js'
import { nodeRequire } from '../../nodeRequire.js'
import { deviceOf, findGraphics } from '../../graphics.js'
import {
  ADD_ON,
  BINDING_PACKAGES,
  readInstallation,
  tensorflowFolder,
  type Installation,
} from '../../tensorflow/installation.js'
import { disableTf32 } from './disableTf32.js'

const BACKEND = 'tensorflow'

type TensorflowName = Extract<ExecutorName, 'tensorflow' | 'tensorflow-gpu'>

/** What of the add-on is asked here; the rest is the package's own affair. */
interface Binding {
  TF_Version: string
  isUsingGpuDevice(): boolean
}

interface BackendModule {
  NodeJSKernelBackend: new (binding: Binding, packageName: string) => KernelBackend
}

/** The library of this process: it cannot be exchanged for another before the process ends. */
let loaded: { binding: Binding; installation: Installation } | null = null

/** Gives a package's JavaScript what newer versions of Node no longer have. */
function mendNode(): void {
  const util = nodeRequire('node:util') as { isNullOrUndefined?: (value: unknown) => boolean }
  util.isNullOrUndefined ??= (value) => value === undefined || value === null
}

/** TensorFlow's code for memory that it could not get. */
const RESOURCE_EXHAUSTED = 8

/** An error of TensorFlow as one of the workbench; every other one as it came. */
function explain(error: unknown, name: ExecutorName): unknown {
  const match = error instanceof Error ? /^Invalid TF_Status: (\d+)\s*(?:Message: )?([^]*)/.exec(error.message) : null
  if (match === null) return error
  const memory = Number(match[1]) === RESOURCE_EXHAUSTED
  return new LabError(
    memory ? 'executor.memory' : 'executor.failed',
    `a function on ${name} ${memory ? 'ran out of memory' : 'failed'}: ${(match[2] ?? '').trim()}`,
    {},
    error,
  )
}

async function installed(): Promise<Installation> {
  const installation = await readInstallation(tensorflowFolder())
  if (installation === null)
    throw new LabError('executor.unavailable', `TensorFlow is not installed in ${tensorflowFolder()}`, { absent: true })
  return installation
}

const processor = (): ComputeDevice => ({
  kind: 'processor',
  name: cpus()[0]?.model.trim() ?? null,
  memoryBytes: totalmem(),
})

/** The card that the CUDA build would take; null without one. */
async function nvidiaCard(): Promise<ComputeDevice | null> {
  const adapter = (await findGraphics()).find(({ vendor }) => vendor === 'NVIDIA')
  return adapter === undefined ? null : deviceOf(adapter)
}

/** @throws LabError `executor.unavailable` when the build that is installed is not the one of this executor */
function checkBuild(name: TensorflowName | 'any', { manifest: { build } }: Installation, onGraphics: boolean): void {
  if (name === 'tensorflow-gpu' && build !== 'cuda')
    throw new LabError('executor.unavailable', 'the installed build of TensorFlow does not support CUDA', {
      absent: true,
    })
  if (name === 'tensorflow' && onGraphics)
    throw new LabError(
      'executor.unavailable',
      'the CUDA build is installed and uses the GPU; select the backend tensorflow-gpu',
      { absent: true },
    )
}

async function load(): Promise<{ binding: Binding; installation: Installation }> {
  if (loaded !== null) return loaded
  const installation = await installed()
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  // Else it takes the whole memory of the card when it starts.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
  process.env['TF_DETERMINISTIC_OPS'] ??= '1'
  disableTf32()
  mendNode()
  const packageName = BINDING_PACKAGES[installation.manifest.build]
  let backend: BackendModule
  let binding: Binding
  try {
    // The package's index would look for an add-on of its own; backend and kernels are all that is needed.
    backend = nodeRequire(`${packageName}/dist/nodejs_kernel_backend.js`) as BackendModule
    nodeRequire(`${packageName}/dist/register_all_kernels.js`)
  } catch (error) {
    throw new LabError(
      'executor.unavailable',
      `the package ${packageName} is not completely installed; run \`npm ci --include=optional\``,
      {},
      error,
    )
  }
  if (getKernel('MatMul', BACKEND) === undefined && getKernel('BatchMatMul', BACKEND) === undefined) {
    throw new LabError(
      'executor.unavailable',
      `${packageName} loaded its own copy of tfjs-core; run \`npm ci\` to repair the packages`,
    )
  }
  try {
    binding = nodeRequire(join(installation.folder, ADD_ON)) as Binding
  } catch (error) {
    throw new LabError(
      'executor.unavailable',
      `TensorFlow's library could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
      {},
      error,
    )
  }
  registerBackend(BACKEND, () => new backend.NodeJSKernelBackend(binding, packageName))
  loaded = { binding, installation }
  return loaded
}

/**
 * Says what would start, without loading it: the library would stay in the process with 300 MB.
 *
 * @returns in words, and the device that it should compute on
 * @throws LabError `executor.unavailable` as {@link createTensorflow} would, but for a library that does not load
 */
export async function lookAtTensorflow(name: TensorflowName): Promise<{ detail: string; device: ComputeDevice }> {
  const installation = await installed()
  const { tensorflow, build, installedAt } = installation.manifest
  const card = build === 'cuda' ? await nvidiaCard() : null
  checkBuild(name, installation, card !== null)
  const place = card === null ? 'the CPU' : deviceText(card)
  return {
    detail: `TensorFlow ${tensorflow}${build === 'cuda' ? ' for CUDA' : ''} on ${place}; installed and tested on ${installedAt.slice(0, 10)}`,
    device: card ?? processor(),
  }
}

/**
 * Starts TensorFlow through tfjs-node's backend, on the tfjs-core of the engine.
 *
 * @param name - `tensorflow` computes on the processor; `tensorflow-gpu` wants the CUDA build, which computes on the processor
 *   where no graphics processor answers; `any` takes what is installed
 * @throws LabError `executor.unavailable` with what is missing
 */
export async function createTensorflow(name: TensorflowName | 'any'): Promise<Executor> {
  const { binding, installation } = await load()
  const { manifest } = installation
  if (findBackend(BACKEND) === null) throw new LabError('executor.unavailable', "TensorFlow's backend failed to start")
  const onGraphics = binding.isUsingGpuDevice()
  checkBuild(name, installation, onGraphics)
  const device: ComputeDevice = onGraphics
    ? ((await nvidiaCard()) ?? { kind: 'graphics', name: null, memoryBytes: null })
    : processor()
  const place = onGraphics ? deviceText(device) : manifest.build === 'cuda' ? 'the CPU (no GPU was found)' : 'the CPU'
  return createEagerExecutor({
    name: name === 'any' ? (manifest.build === 'cuda' ? 'tensorflow-gpu' : 'tensorflow') : name,
    backend: BACKEND,
    device,
    explain,
    description: `TensorFlow ${binding.TF_Version}${manifest.build === 'cuda' ? ' for CUDA' : ''} on ${place}`,
  })
}
