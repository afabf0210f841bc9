import { asLabError, LabError, type ExecutorName } from '../../contract/index.js'
import { engine, findBackendFactory, registerBackend, removeBackend, setBackend } from '../tf.js'

/** What the tensor library says of a kernel that a backend does not have. */
const UNMAPPED = /Kernel '([^']+)' not registered/

/** What it says of one without a gradient. */
const NO_GRADIENT = /gradient function not found for (\w+)/

/** What the engine of JavaScript says when an array is too large for it or for the machine. */
const TOO_LARGE = /invalid (typed )?array (buffer )?length|array buffer allocation failed/i

/**
 * An operation that is missing, in our words; every other error as it came.
 *
 * @param table - where a kernel was looked for: `has no row in the kernel table`
 */
export function missingOperation(error: unknown, table: string): unknown {
  const { message } = asLabError(error)
  const derived = NO_GRADIENT.exec(message)?.[1]
  if (derived !== undefined)
    return new LabError(
      'trace.unmapped',
      `the operation ${derived} is not in the table of gradients (engine/gradients)`,
      { kernel: derived },
      error,
    )
  const kernel = UNMAPPED.exec(message)?.[1]
  return kernel === undefined
    ? error
    : new LabError('trace.unmapped', `the operation ${kernel} ${table}`, { kernel }, error)
}

/** Whether WebAssembly stopped in its middle: its backend allocates without looking, and writes past the end of its memory. */
const isTrap = (error: unknown): boolean => error instanceof Error && error.name === 'RuntimeError'

/** What a backend of the tensor library threw while it ran a function, in our words. */
export function eagerError(error: unknown, name: ExecutorName): unknown {
  const { message } = asLabError(error)
  if (isTrap(error) || (error instanceof RangeError && TOO_LARGE.test(message)))
    return new LabError('executor.memory', `a function on ${name} ran out of memory: ${message}`, {}, error)
  return missingOperation(error, `has no kernel on ${name}`)
}

/** Restarts a backend after a trap, which leaves its memory unusable; the tensors it held are lost. */
export async function renewAfterTrap(error: unknown, backend: string): Promise<void> {
  if (!isTrap(error)) return
  const { state, registry } = engine()
  // Scopes that were open could not be tidied up: their tensors lie in the memory that is lost.
  state.scopeStack = []
  state.activeScope = null as never
  const factory = findBackendFactory(backend)
  try {
    removeBackend(backend)
  } catch {
    delete registry[backend]
  }
  registerBackend(backend, factory)
  await setBackend(backend)
}
