import { asLabError, EXECUTOR_NAMES, type ExecutorName } from '../contract/index.js'
import { startExecutor } from '../lab/compute/executors/index.js'

/** Executors, with commas between, that must start: where a machine was prepared for them, their absence is a failure. */
const required = (process.env['LOCALLEARNING_REQUIRED_EXECUTORS'] ?? '').split(',')

/**
 * Executors that start on this machine; the others are printed with what they miss, so that a run without them is seen to be one.
 *
 * @param without - executors that the suite leaves to others
 */
export async function presentExecutors(without: readonly ExecutorName[] = []): Promise<ExecutorName[]> {
  // A test project of one executor (vitest.config.ts) has no use for the others; that it starts there is a test of its own.
  const only = process.env['WORKBENCH_TEST_EXECUTORS']?.split(',')
  if (only !== undefined) return EXECUTOR_NAMES.filter((name) => only.includes(name))
  const present: ExecutorName[] = []
  for (const name of EXECUTOR_NAMES) {
    if (without.includes(name)) continue
    try {
      await (await startExecutor(name)).dispose()
      present.push(name)
    } catch (error) {
      if (required.includes(name)) throw error
      // Straight to the terminal: the test runner would hide what passing files print.
      process.stderr.write(`not tested here: ${asLabError(error).message.slice(0, 200)}\n`)
    }
  }
  return present
}
