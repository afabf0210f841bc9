import {
  asLabError,
  EXECUTOR_NAMES,
  LabError,
  type ExecutorName,
  type ExecutorStatus,
} from '../../../contract/index.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { matMul, type Tensor2D } from '../../../engine/tf.js'
import type { ExecutorChoice } from '../jobTable.js'
import { STARTERS, type Starter } from './starters.js'

/** An executor that has started, and in words why this one. */
export interface ChosenExecutor {
  executor: Executor
  note: string
  /** Those that should work here and did not start, or failed their trial: one sentence each. */
  passedOver: readonly string[]
}

/** Edge of the squares whose product measures the speed of an executor. */
const RACE_SIZE = 768
const RACE_ROUNDS = 3
/** Whoever needs longer has lost. */
const RACE_LIMIT_MS = 500

/** Asks a starter; what it throws names the executor. */
async function askStarter<Answer>(name: ExecutorName, ask: (starter: Starter) => Promise<Answer>): Promise<Answer> {
  try {
    // A name may come from the settings of another version.
    if (!Object.hasOwn(STARTERS, name))
      throw new LabError('executor.unavailable', 'this version does not have this backend')
    return await ask(STARTERS[name])
  } catch (error) {
    const { message, details } = asLabError(error)
    throw new LabError(
      'executor.unavailable',
      `${name} failed to start: ${message}`,
      { ...details, executor: name },
      error,
    )
  }
}

/**
 * Starts one executor.
 *
 * @throws LabError `executor.unavailable` with what is missing; its detail `absent` means that the machine has no such device, the system no such
 *   interface, or that what can be installed is not
 */
export const startExecutor = (name: ExecutorName): Promise<Executor> => askStarter(name, (starter) => starter.start())

const raceOf = ({ a, b }: { a: Tensor2D; b: Tensor2D }): { c: Tensor2D } => ({ c: matMul(a, b) })

/** Milliseconds of one product, the best of a few: a first one may compile or wake the device. */
async function raceMs(executor: Executor): Promise<number> {
  const spec = { shape: [RACE_SIZE, RACE_SIZE], type: 'float32' } as const
  const program = await executor.compile(raceOf, { a: spec, b: spec }, {})
  const square = { data: new Float32Array(RACE_SIZE * RACE_SIZE).fill(1), shape: spec.shape }
  let best = Infinity
  for (let round = 0; round <= RACE_ROUNDS; round++) {
    const started = performance.now()
    await program.run({ a: square, b: square })
    best = Math.min(best, performance.now() - started)
    if (best > RACE_LIMIT_MS) break
  }
  return best
}

/** Runs the candidates against each other and keeps the fastest; the others are let go. */
async function fastest(candidates: readonly Executor[]): Promise<ChosenExecutor> {
  const times: { executor: Executor; ms: number }[] = []
  const passedOver: string[] = []
  for (const executor of candidates) {
    try {
      times.push({ executor, ms: await raceMs(executor) })
    } catch (error) {
      passedOver.push(`${executor.name} failed its self-test: ${asLabError(error).message}`)
      await executor.dispose().catch(() => undefined)
    }
  }
  times.sort((a, b) => a.ms - b.ms)
  const [best] = times
  if (best === undefined) throw new LabError('executor.unavailable', passedOver.join('; '))
  for (const { executor } of times.slice(1)) await executor.dispose()
  return {
    executor: best.executor,
    note:
      times.length === 1
        ? 'the fastest available'
        : `the fastest of ${times.map(({ executor, ms }) => `${executor.name} (${ms.toFixed(1)} ms)`).join(', ')}`,
    passedOver,
  }
}

/** What `auto` starts: the graphics processors that prove faster, then the first of the rest. */
async function startFastest(avoid: readonly ExecutorName[]): Promise<ChosenExecutor> {
  const started: Executor[] = []
  // By what was missing: one damaged package keeps several executors from starting.
  const failures = new Map<string, ExecutorName[]>()
  for (const candidate of EXECUTOR_NAMES) {
    if (avoid.includes(candidate)) continue
    const { graphics, look }: Starter = STARTERS[candidate]
    try {
      if (graphics && look !== undefined && (await askStarter(candidate, () => look())).device.kind !== 'graphics')
        continue
      const executor = await startExecutor(candidate)
      if (graphics && executor.device.kind !== 'graphics') {
        await executor.dispose()
        continue
      }
      started.push(executor)
      // The rest of the list is slower by far; graphics processors have to prove themselves against the processor.
      if (!graphics) break
    } catch (error) {
      // That a machine has no such device, or no TensorFlow, is no failure.
      const { details, cause } = asLabError(error)
      const { message } = asLabError(cause)
      if (details['absent'] !== true) failures.set(message, [...(failures.get(message) ?? []), candidate])
    }
  }
  const passedOver = [...failures].map(([message, names]) => `${names.join(', ')} failed to start: ${message}`)
  const [only] = started
  if (only === undefined)
    throw new LabError('executor.unavailable', [...passedOver, ...avoid.map((name) => `${name} failed`)].join('; '))
  const {
    executor,
    note,
    passedOver: beaten,
  } = started.length === 1 ? { executor: only, note: 'the fastest available', passedOver: [] } : await fastest(started)
  return { executor, note, passedOver: [...passedOver, ...beaten] }
}

/**
 * Starts an executor for this thread.
 *
 * @param asked - one by name, or `auto`
 * @param preferred - what `auto` takes if it starts; `auto` itself for the fastest
 * @param avoid - what `auto` must not take, because it has failed before
 * @returns the executor, and in words why this one; every one that should work here and did not is named
 * @throws LabError `executor.unavailable` when the named one, or none at all, starts
 */
export async function createExecutor(
  asked: ExecutorName | 'auto',
  { preferred = 'auto', avoid = [] }: Partial<Omit<ExecutorChoice, 'asked'>> = {},
): Promise<ChosenExecutor> {
  if (asked !== 'auto') return { executor: await startExecutor(asked), note: 'selected explicitly', passedOver: [] }
  const refused: string[] = []
  let chosen: ChosenExecutor | null = null
  if (preferred !== 'auto' && !avoid.includes(preferred)) {
    chosen = await startExecutor(preferred).then(
      (executor) => ({ executor, note: 'preferred in the settings', passedOver: [] }),
      (error: unknown) => {
        refused.push(`${preferred} is the preferred backend, but ${asLabError(error).message}`)
        return null
      },
    )
  }
  chosen ??= await startFastest(avoid)
  const passedOver = [...refused, ...chosen.passedOver]
  return {
    executor: chosen.executor,
    note: [
      chosen.note,
      ...passedOver,
      ...(avoid.length === 0 ? [] : [`${avoid.join(', ')} failed earlier in this run`]),
    ].join('; '),
    passedOver,
  }
}

/** Starts every executor once; those whose library would stay in the process are looked at instead. */
export async function probeExecutors(): Promise<ExecutorStatus[]> {
  const probes: ExecutorStatus[] = []
  for (const name of EXECUTOR_NAMES) {
    const { look }: Starter = STARTERS[name]
    try {
      if (look !== undefined) {
        probes.push({ name, works: true, ...(await askStarter(name, () => look())), remedy: null })
        continue
      }
      const executor = await startExecutor(name)
      probes.push({ name, works: true, detail: executor.description, remedy: null, device: executor.device })
      await executor.dispose()
    } catch (error) {
      probes.push({
        name,
        works: false,
        detail: asLabError(error).message,
        remedy: STARTERS[name].remedy,
        device: null,
      })
    }
  }
  return probes
}
