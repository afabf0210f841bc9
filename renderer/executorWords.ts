import { deviceText, type ComputeDevice, type ExecutorName, type ExecutorStatus, type LabInfo } from '../contract/index.js'

/** Executors in the few words of the status bar; one without words shows its name. */
const SHORT: Partial<Record<ExecutorName, string>> = {
  'onnx-cuda': 'onnx  CUDA', 'onnx-directml': 'onnx  DirectML', 'onnx-coreml': 'onnx  Core ML', 'onnx-webgpu': 'onnx  WebGPU',
  'tensorflow-gpu': 'TensorFlow  CUDA', 'onnx-cpu': 'onnx  CPU', 'tensorflow': 'TensorFlow  CPU', 'wasm': 'wasm  CPU', 'cpu': 'plain JavaScript',
}

export const executorShort = (name: ExecutorName): string => SHORT[name] ?? name

/** `NVIDIA H100, 80 GiB`, or null for a processor, whose name says nothing new. */
export const adapterWords = (device: ComputeDevice | null): string | null => (device?.kind === 'graphics' ? deviceText(device) : null)

/** Why an executor does not start, without its name before it. */
export const missingWords = ({ name, detail }: ExecutorStatus): string => detail.replace(`${name} failed to start: `, '')

/** The executor that a run here will have, and why: what it names, or what `auto` takes. */
export function willCompute(asked: ExecutorName | 'auto', info: LabInfo): { name: ExecutorName; why: string; device: ComputeDevice | null; works: boolean } {
  const name = asked === 'auto' ? info.executor : asked
  const status = info.executors.find((each) => each.name === name)
  const works = status?.works ?? true
  return { name, works, device: status?.device ?? null, why: asked === 'auto' ? info.executorNote : works || status === undefined ? 'selected explicitly' : missingWords(status) }
}
