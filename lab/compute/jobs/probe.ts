import { createExecutor, probeExecutors } from '../executors/index.js'
import type { JobFunction } from './job.js'

/** Starts every executor once, and finds what `auto` takes. */
export const probe: JobFunction<'probe'> = async ({ preferred }, { resources }) => {
  await resources.clear()
  const executors = await probeExecutors()
  const { executor, note } = await createExecutor('auto', { preferred })
  await executor.dispose()
  return { executors, chosen: executor.name, note }
}
