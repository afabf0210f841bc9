import { createExecutor, probeExecutors } from '../executors/index.js'
import type { JobFunction } from './index.js'

/** Starts every executor once, and finds what `auto` takes. */
export const probe: JobFunction<'probe'> = async (_input, { bench }) => {
  await bench.clear()
  const executors = await probeExecutors()
  const { executor, note } = await createExecutor('auto')
  await executor.dispose()
  return { executors: executors.map(({ name, works, detail, remedy }) => ({ name, works, description: detail, remedy })), chosen: executor.name, note }
}
