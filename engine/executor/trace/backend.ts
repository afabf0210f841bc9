import { LabError } from '../../../contract/index.js'
import {
  DataStorage,
  engine,
  getBackend,
  KernelBackend,
  registerBackend,
  registerKernel,
  setBackend,
  type BackendValues,
  type DataId,
  type DataTypeMap,
  type KernelConfig,
  type Tensor,
  type TensorInfo,
} from '../../tf.js'
import type { Graph } from './graph.js'
import { KERNELS } from './kernels/index.js'
import { arrayOf, entriesOf, sameShape, uniform, type Value } from './value.js'

/** Name under which the tensor library knows the recording backend. */
const NAME = 'trace'

/** Numbers that differ from entry to entry may be part of a program up to this many; more were probably meant as an input. */
const LARGEST_CONSTANT = 1024

type LibraryType = 'float32' | 'int32' | 'bool'

let current: Graph | null = null

/** The graph that is being recorded; null when nothing is. */
export const currentGraph = (): Graph | null => current

/** Records into `graph` while `work` runs. */
export function recording<Result>(graph: Graph, work: () => Result): Result {
  const before = current
  current = graph
  try {
    return work()
  } finally {
    current = before
  }
}

/** A backend of the tensor library that writes down what it is asked to compute. A class, because the library asks for one. */
class RecordingBackend extends KernelBackend {
  private readonly data = new DataStorage<{ value: Value; references: number }>(this, engine())

  /** Numbers that were made, or come from outside, while a function is traced. */
  private known(given: BackendValues, shape: readonly number[], type: string, origin: string): Value {
    const values = given as ArrayLike<number> & Iterable<number>
    if (type !== 'float32' && type !== 'int32' && type !== 'bool')
      throw new LabError('trace.function', `expected float32, int32 or bool tensors, got ${type}`)
    const [first = 0] = values
    let same = values.length > 0
    for (let index = 1; same && index < values.length; index++) same = Object.is(values[index], first)
    if (same) return uniform(Number(first), shape, type)
    if (current !== null && values.length > LARGEST_CONSTANT) {
      throw new LabError(
        'trace.random',
        `${values.length} different numbers (${type} of ${shape.join(' x ')}) were ${origin} while a function was being compiled; they would become constants of it. Pass them as an input instead`,
      )
    }
    return { kind: 'constant', data: arrayOf(type, values), shape, type }
  }

  put(value: Value): TensorInfo {
    const dataId = {}
    this.data.set(dataId, { value, references: 1 })
    return { dataId, shape: [...value.shape], dtype: value.type as LibraryType }
  }

  /** The value of a tensor; one that was reshaped keeps its data under another shape. */
  valueBehind(info: TensorInfo): Value {
    const { value } = this.data.get(info.dataId)
    return value.kind === 'node' || sameShape(value.shape, info.shape) ? value : { ...value, shape: info.shape }
  }

  override write(values: BackendValues, shape: number[], dtype: keyof DataTypeMap): DataId {
    return this.put(this.known(values, shape, dtype, 'made')).dataId
  }

  override move(
    dataId: DataId,
    values: BackendValues,
    shape: number[],
    dtype: keyof DataTypeMap,
    references: number,
  ): void {
    this.data.set(dataId, { value: this.known(values, shape, dtype, 'captured from outside the function'), references })
  }

  override readSync(dataId: DataId): Float32Array | Int32Array | Uint8Array {
    const { value } = this.data.get(dataId)
    if (value.kind === 'uniform')
      return arrayOf(
        value.type,
        Array.from({ length: entriesOf(value.shape) }, () => value.value),
      ) as Float32Array
    if (value.kind === 'constant') return value.data as Float32Array
    throw new LabError(
      'trace.valueRead',
      `a value (${value.type} of ${value.shape.length === 0 ? 'one entry' : value.shape.join(' x ')}) was read while a function was being compiled, before it exists`,
    )
  }

  override async read(dataId: DataId): Promise<Float32Array | Int32Array | Uint8Array> {
    return this.readSync(dataId)
  }

  override numDataIds(): number {
    return this.data.numDataIds()
  }
  override refCount(dataId: DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).references : 0
  }
  override incRef(dataId: DataId): void {
    this.data.get(dataId).references += 1
  }
  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true
    const entry = this.data.get(dataId)
    entry.references -= 1
    if (entry.references > 0 && !force) return false
    this.data.delete(dataId)
    return true
  }
  override floatPrecision(): 32 {
    return 32
  }
  override epsilon(): number {
    return 1e-7
  }
  override timerAvailable(): boolean {
    return false
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }
  override dispose(): void {}
}

let backend: RecordingBackend | null = null

function registered(): RecordingBackend {
  if (backend !== null) return backend
  const created = new RecordingBackend()
  registerBackend(NAME, () => created, 0)
  for (const [kernelName, write] of Object.entries(KERNELS)) {
    const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs, attrs }) => {
      if (current === null)
        throw new LabError(
          'trace.function',
          `the operation ${kernelName} was run on the recording backend outside a compilation`,
        )
      const values = Object.fromEntries(
        Object.entries(inputs).flatMap(([name, info]) =>
          info === null || info === undefined ? [] : [[name, created.valueBehind(info as TensorInfo)]],
        ),
      )
      const result = write(current, values, attrs ?? {})
      return Array.isArray(result) ? result.map((value: Value) => created.put(value)) : created.put(result as Value)
    }
    registerKernel({ kernelName, backendName: NAME, kernelFunc })
  }
  backend = created
  return created
}

/** A tensor that represents a value of the graph. */
export function tensorOf(value: Value): Tensor {
  return engine().makeTensorFromTensorInfo(registered().put(value))
}

/** The value that a tensor represents. A tensor of another backend is copied if it is small. */
export function valueOf(tensor: Tensor): Value {
  return registered().valueBehind(tensor)
}

/**
 * Runs `work` with the recording backend in place of the library's present one.
 *
 * @throws LabError `trace.function` inside a compilation
 */
export function withRecording<Result>(graph: Graph, work: () => Result): Result {
  if (current !== null)
    throw new LabError(
      'trace.function',
      'a function was compiled while another function was being compiled; call it directly instead',
    )
  registered()
  const before = getBackend() as string | undefined
  // Both backends are started, so these take effect at once, whatever their promises say.
  void setBackend(NAME)
  engine().startScope()
  try {
    return recording(graph, work)
  } finally {
    engine().endScope()
    if (before !== undefined && before !== null && before !== '') void setBackend(before)
  }
}
