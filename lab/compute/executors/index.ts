import { asLabError, EXECUTOR_NAMES, LabError, type ExecutorName } from '../../../contract/index.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { matMul, type Tensor2D } from '../../../engine/tf.js'
import { STARTERS, type Starter } from './starters.js'

/** An executor that has started, and in words why this one. */
export interface ChosenExecutor {
  executor: Executor
  note: string
}

/** Edge of the squares whose product tells how fast an executor is. */
const RACE_SIZE = 768
const RACE_ROUNDS = 3
/** Whoever needs longer has lost. */
const RACE_LIMIT_MS = 500

/**
 * Starts one executor.
 *
 * @throws LabError `executor.unavailable` with what is missing
 */
export async function startExecutor(name: ExecutorName): Promise<Executor> {
  try {
    return await STARTERS[name].start()
  } catch (error) {
    throw new LabError('executor.unavailable', `${name} did not start: ${asLabError(error).message}`, { executor: name }, error)
  }
}

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
  for (const executor of candidates) times.push({ executor, ms: await raceMs(executor).catch(() => Infinity) })
  times.sort((a, b) => a.ms - b.ms)
  const [best] = times
  if (best === undefined) throw new LabError('executor.unavailable', 'no executor was there to choose from')
  for (const { executor } of times.slice(1)) await executor.dispose()
  return { executor: best.executor, note: `the fastest of ${times.map(({ executor, ms }) => `${executor.name} (${ms.toFixed(1)} ms)`).join(', ')}` }
}

/**
 * Starts an executor for this thread.
 *
 * @param name - one by name, or `auto` for the fastest that starts
 * @param avoid - what `auto` must not take, because it has failed before
 * @returns the executor, and in words why this one; the note names every faster one that should work here and did not
 * @throws LabError `executor.unavailable` when the named one, or none at all, starts
 */
export async function createExecutor(name: ExecutorName | 'auto', avoid: readonly ExecutorName[] = []): Promise<ChosenExecutor> {
  if (name !== 'auto') {
    const executor = await startExecutor(name)
    return { executor, note: `chosen by name: ${executor.description}` }
  }
  const started: Executor[] = []
  const failures: string[] = []
  for (const candidate of EXECUTOR_NAMES) {
    if (avoid.includes(candidate)) continue
    const { graphics, look }: Starter = STARTERS[candidate]
    try {
      if (graphics && look !== undefined && !(await look()).graphics) continue
      const executor = await startExecutor(candidate)
      if (graphics && executor.device.kind !== 'graphics') {
        await executor.dispose()
        continue
      }
      started.push(executor)
      // The rest of the list is slower by far; graphics processors have to prove themselves against the processor.
      if (!graphics) break
    } catch (error) {
      // That a machine has no graphics processor is no failure.
      if (!graphics) failures.push(asLabError(error).message)
    }
  }
  if (started.length === 0) throw new LabError('executor.unavailable', failures.join('; '))
  const [only] = started
  const chosen = started.length === 1 && only !== undefined ? { executor: only, note: 'the fastest that works here' } : await fastest(started)
  return { executor: chosen.executor, note: [chosen.note, ...failures, ...(avoid.length === 0 ? [] : [`not ${avoid.join(', ')}, which failed`])].join('; ') }
}

/** Whether one executor works here, and what to do if not. */
export interface ExecutorProbe {
  name: ExecutorName
  works: boolean
  detail: string
  remedy: string | null
}

/** Starts every executor once; those whose library would stay are looked at instead. */
export async function probeExecutors(): Promise<ExecutorProbe[]> {
  const probes: ExecutorProbe[] = []
  for (const name of EXECUTOR_NAMES) {
    const { look }: Starter = STARTERS[name]
    try {
      if (look !== undefined) {
        probes.push({ name, works: true, detail: (await look()).detail, remedy: null })
        continue
      }
      const executor = await startExecutor(name)
      probes.push({ name, works: true, detail: executor.description, remedy: null })
      await executor.dispose()
    } catch (error) {
      probes.push({ name, works: false, detail: asLabError(error).message, remedy: STARTERS[name].remedy })
    }
  }
  return probes
}
