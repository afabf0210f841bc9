import {
  deviceText,
  type ComputeDevice,
  type ExecutorName,
  type ExecutorStatus,
  type LabInfo,
} from '../contract/index.js'

/** Short names of backends for the status bar. */
const SHORT: Partial<Record<ExecutorName, string>> = {
  'onnx-cuda': 'onnx  CUDA',
  'onnx-directml': 'onnx  DirectML',
  'onnx-coreml': 'onnx  Core ML',
  'onnx-webgpu': 'onnx  WebGPU',
  'tensorflow-gpu': 'TensorFlow  CUDA',
  'onnx-cpu': 'onnx  CPU',
  tensorflow: 'TensorFlow  CPU',
  wasm: 'wasm  CPU',
  cpu: 'JavaScript',
}

export const executorShort = (name: ExecutorName): string => SHORT[name] ?? name

/** `NVIDIA H100, 80 GiB`, or null for a CPU, whose name adds nothing. */
export const adapterWords = (device: ComputeDevice | null): string | null =>
  device?.kind === 'graphics' ? deviceText(device) : null

/** Why a backend does not start, without its name at the front. */
export const missingWords = ({ name, detail }: ExecutorStatus): string =>
  detail.replace(`${name} failed to start: `, '')

/** The backend that a run will use, and why: the one it names, or the one that `auto` selects. */
export function willCompute(
  asked: ExecutorName | 'auto',
  info: LabInfo,
): { name: ExecutorName; why: string; device: ComputeDevice | null; works: boolean } {
  const name = asked === 'auto' ? info.executor : asked
  const status = info.executors.find((each) => each.name === name)
  const works = status?.works ?? true
  return {
    name,
    works,
    device: status?.device ?? null,
    why:
      asked === 'auto'
        ? info.executorNote
        : works || status === undefined
          ? 'selected explicitly'
          : missingWords(status),
  }
}
