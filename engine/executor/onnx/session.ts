import { InferenceSession } from 'onnxruntime-node'
import { availableParallelism } from 'node:os'
import { asLabError, LabError } from '../../../contract/index.js'

/** Execution providers of ONNX Runtime that the workbench uses. */
export type OnnxProvider = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml'

/** Where and with how many threads a session runs. */
export interface SessionOptions {
  provider?: OnnxProvider
  /** Threads inside one operation; all cores when absent. */
  threads?: number
}

/** ONNX Runtime has no codes: what its messages say when memory runs out. */
const OUT_OF_MEMORY =
  /bad_alloc|failed to allocate|out of ?memory|could not allocate|OUT_OF_(DEVICE|HOST)_MEMORY|STATUS_ALLOC_FAILED|8007000E/i

/** What its messages say when a graphics processor is gone. */
const DEVICE_LOST =
  /device (was |is |has been )?lost|lost its device|device removed|DeviceRemovedReason|DXGI_ERROR_DEVICE|887A000[567]|VK_ERROR_DEVICE_LOST|CUDA failure (4|46|100|101|214|700|719|999)\b|cudaErrorDevicesUnavailable|no CUDA-capable device/i

/** An error of ONNX Runtime in our words. */
export function onnxError(error: unknown, doing: string): LabError {
  const known = asLabError(error)
  if (known.code !== 'internal') return known
  const { message } = known
  if (OUT_OF_MEMORY.test(message))
    return new LabError('executor.memory', `${doing} ran out of memory: ${message}`, {}, error)
  if (DEVICE_LOST.test(message))
    return new LabError('executor.deviceLost', `the GPU was lost during ${doing}: ${message}`, {}, error)
  return new LabError('executor.failed', `${doing} failed: ${message}`, {}, error)
}

/**
 * Opens a session. It logs nothing: what fails is thrown. Idle threads do not spin: they would take the cores from whatever runs next
 * (docs/PERFORMANCE.md; measured: 94 ms instead of 58).
 *
 * @param model - bytes of an ONNX model
 * @throws LabError `executor.failed` with ONNX Runtime's own words, `executor.memory`
 */
export async function openSession(
  model: Uint8Array,
  { provider = 'cpu', threads = availableParallelism() }: SessionOptions = {},
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, {
      executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 4,
      extra: {
        session: { force_spinning_stop: '1', intra_op: { allow_spinning: '0' } },
        // It would fold the tracer's transposes back into products that read their left operand the wrong way round (docs/PERFORMANCE.md: 77 ms instead of 68).
        optimization: { disable_specified_optimizers: 'MatmulTransposeFusion;GemmTransposeFusion' },
      },
    })
  } catch (error) {
    throw onnxError(error, 'loading a program into ONNX Runtime')
  }
}
