import { InferenceSession } from 'onnxruntime-node'
import { availableParallelism } from 'node:os'
import { asLabError, LabError } from '../../../contract/index.js'

/**
 * Opens a session on the CPU. Idle threads do not spin: they would take the cores from whatever runs next
 * (docs/ARCHITECTURE.md; measured: 94 ms instead of 58).
 *
 * @param model - bytes of an ONNX model
 * @param threads - threads inside one operation; all cores when absent
 * @throws LabError `executor.failed` with ONNX Runtime's own words
 */
export async function openSession(model: Uint8Array, threads: number = availableParallelism()): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, {
      executionProviders: ['cpu'], intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 3,
      extra: { session: { force_spinning_stop: '1', intra_op: { allow_spinning: '0' } } },
    })
  } catch (error) {
    throw new LabError('executor.failed', `ONNX Runtime refused a program: ${asLabError(error).message}`, {}, error)
  }
}
