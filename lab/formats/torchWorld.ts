import { LabError } from '../../contract/index.js'
import { MOST_AXES, type ElementType, type StridedArray } from './elements.js'
import { NUMPY_GLOBALS } from './numpyScalars.js'
import {
  damagedPickle,
  isMark,
  type Charge,
  type PickleGlobal,
  type PickleWorld,
  type Unpickled,
  type UnpickledStorage,
  type UnpickledTensor,
} from './pickleMachine.js'

/** Numbers of one storage; the bytes come with the zip, or after the pickle in older files. */
export interface TorchStorage {
  key: string
  type: ElementType
  /** Elements that it should hold. */
  count: number
  bytes: (() => Uint8Array) | null
  littleEndian: boolean
}

/** A part of a storage, from an element on. */
interface StorageView extends UnpickledStorage {
  storage: TorchStorage
  start: number
}

/** torch's storage classes, by the type of their elements. */
const STORAGES = {
  FloatStorage: 'float32',
  DoubleStorage: 'float64',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
} as const satisfies Record<string, ElementType>

const isStorage = (value: Unpickled | undefined): value is StorageView =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'storage'
const isTensor = (value: Unpickled | undefined): value is UnpickledTensor =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tensor'
const isSizes = (value: Unpickled | undefined): value is number[] =>
  Array.isArray(value) &&
  value.length <= MOST_AXES &&
  value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0)

/** (storage, offset, size, stride, …): what comes after is of no use to us. */
function tensor([storage, offset, shape, strides]: Unpickled[]): Unpickled {
  // Numbers of another kind, which are refused where they are needed.
  if (isMark(storage)) return storage
  if (!isStorage(storage) || typeof offset !== 'number' || !isSizes(shape) || !isSizes(strides))
    throw damagedPickle('the description of a tensor is not valid')
  const { storage: held, start } = storage
  return {
    kind: 'tensor',
    shape,
    read: (): StridedArray => {
      if (held.bytes === null) throw damagedPickle(`the numbers of storage ${held.key} are missing`)
      return {
        type: held.type,
        shape,
        strides,
        offset: start + offset,
        bytes: held.bytes(),
        littleEndian: held.littleEndian,
      }
    },
  }
}

function parameter([data]: Unpickled[]): Unpickled {
  if (isMark(data)) return data
  if (!isTensor(data)) throw damagedPickle('a parameter contains no tensor')
  return data
}

function orderedDictionary([pairs = []]: Unpickled[], charge: Charge): Unpickled {
  if (isMark(pairs)) return pairs
  if (!Array.isArray(pairs)) throw damagedPickle('an OrderedDict is not made of pairs')
  charge(8 * pairs.length)
  return new Map(
    pairs.map((pair) => {
      if (!Array.isArray(pair) || pair.length !== 2 || (typeof pair[0] !== 'string' && typeof pair[0] !== 'number'))
        throw damagedPickle('an OrderedDict is not made of pairs')
      return [pair[0] as Unpickled, pair[1] as Unpickled]
    }),
  )
}

const named = (name: string, call?: PickleGlobal['call']): [string, PickleGlobal] => [
  name,
  { kind: 'global', name, ...(call === undefined ? {} : { call }) },
]

/** Everything that a file of torch may name here. */
const GLOBALS: ReadonlyMap<string, PickleGlobal> = new Map([
  named('collections.OrderedDict', orderedDictionary),
  named('torch._utils._rebuild_tensor', tensor),
  named('torch._utils._rebuild_tensor_v2', tensor),
  named('torch._utils._rebuild_parameter', parameter),
  named('torch.Size', ([sizes = []]) => sizes),
  ...NUMPY_GLOBALS.map(([name, call]) => named(name, call)),
  ...Object.keys(STORAGES).map((name) => named(`torch.${name}`)),
])

function elementType(type: Unpickled | undefined): ElementType {
  const name = typeof type === 'object' && type !== null && 'name' in type ? type.name.replace('torch.', '') : ''
  if (!Object.hasOwn(STORAGES, name)) throw damagedPickle('a storage has no type')
  return STORAGES[name as keyof typeof STORAGES]
}

/**
 * The world of torch's pickles: storages by persistent id (`storage`, type, key, place, count, and a view in older files).
 *
 * @param find - fills in a storage when it is named first, or leaves its bytes for later
 */
export function createTorchWorld(find: (storage: TorchStorage) => void): {
  world: PickleWorld
  storages: ReadonlyMap<string, TorchStorage>
} {
  const storages = new Map<string, TorchStorage>()
  const persistent = (id: Unpickled): Unpickled => {
    const [what, type, key, , count, view = null] = Array.isArray(id) ? id : []
    if (what !== 'storage' || typeof key !== 'string' || typeof count !== 'number')
      throw new LabError(
        'model.unsafePickle',
        `the file refers to ${typeof what === 'string' ? what : 'an object'} outside the file; no code was executed`,
      )
    if (isMark(type)) return type
    const known = storages.get(key)
    const storage: TorchStorage = known ?? { key, type: elementType(type), count, bytes: null, littleEndian: true }
    if (known === undefined) {
      storages.set(key, storage)
      find(storage)
    }
    const start = Array.isArray(view) ? view[1] : 0
    if (typeof start !== 'number') throw damagedPickle('a view of a storage has no offset')
    const part: StorageView = { kind: 'storage', storage, start }
    return part
  }
  return { world: { globals: GLOBALS, persistent }, storages }
}
