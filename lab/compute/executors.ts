import '@tensorflow/tfjs-backend-cpu'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { asLabError, EXECUTOR_NAMES, LabError, type ExecutorName } from '../../contract/index.js'
import { createEagerExecutor } from '../../engine/executor/eager.js'
import type { Executor } from '../../engine/executor/executor.js'

async function createWasm(): Promise<Executor> {
  const backend = await import('@tensorflow/tfjs-backend-wasm')
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  backend.setWasmPaths(`${join(folder, '.')}/`)
  return createEagerExecutor('wasm', 'WebAssembly, 1 thread')
}

/** How every executor starts. ONNX Runtime is loaded when it is asked for, so that its absence harms nothing else. */
const STARTERS = {
  'onnx-cpu': async () => (await import('../../engine/executor/onnx/index.js')).createOnnxExecutor(await createWasm()),
  'wasm': createWasm,
  'cpu': () => createEagerExecutor('cpu', 'plain JavaScript, 1 thread'),
} as const satisfies Record<ExecutorName, () => Promise<Executor>>

const REMEDIES = {
  'onnx-cpu': 'Run `npm rebuild onnxruntime-node`, or check that the package has a binary for this system.',
  'wasm': 'Run `npm ci`; the package @tensorflow/tfjs-backend-wasm is damaged.',
  'cpu': 'Run `npm ci`; the package @tensorflow/tfjs-backend-cpu is damaged.',
} as const satisfies Record<ExecutorName, string>

async function start(name: ExecutorName): Promise<Executor> {
  try {
    return await STARTERS[name]()
  } catch (error) {
    throw new LabError('executor.unavailable', `${name} did not start: ${asLabError(error).message}`, { executor: name }, error)
  }
}

/**
 * Starts an executor for this thread.
 *
 * @param name - one by name, or `auto` for the fastest that starts
 * @returns the executor, and in words why this one; the note names every faster one that failed
 * @throws LabError `executor.unavailable` when the named one, or none at all, starts
 */
export async function createExecutor(name: ExecutorName | 'auto'): Promise<{ executor: Executor; note: string }> {
  if (name !== 'auto') return { executor: await start(name), note: 'chosen by name' }
  const failures: string[] = []
  for (const candidate of EXECUTOR_NAMES) {
    try {
      const executor = await start(candidate)
      return { executor, note: failures.length === 0 ? 'the fastest that works here' : `the fastest that works here; ${failures.join('; ')}` }
    } catch (error) {
      failures.push(asLabError(error).message)
    }
  }
  throw new LabError('executor.unavailable', failures.join('; '))
}

/** Whether one executor works here, and what to do if not. */
export interface ExecutorProbe {
  name: ExecutorName
  works: boolean
  detail: string
  remedy: string | null
}

/** Starts every executor once. */
export async function probeExecutors(): Promise<ExecutorProbe[]> {
  const probes: ExecutorProbe[] = []
  for (const name of EXECUTOR_NAMES) {
    try {
      const executor = await start(name)
      probes.push({ name, works: true, detail: executor.description, remedy: null })
      await executor.dispose()
    } catch (error) {
      probes.push({ name, works: false, detail: asLabError(error).message, remedy: REMEDIES[name] })
    }
  }
  return probes
}
