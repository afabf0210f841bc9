const TIMED_STEPS = 3

/** Numbers between 0 and 1 that look like nothing; the speed does not depend on them. */
export function filled(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => ((index * 0.6180339887) % 1) + 0.01)
}

/** Seconds of one step, the mean of a few; the first one compiles and is not counted. */
export async function timed(step: () => Promise<unknown>): Promise<number> {
  await step()
  const started = performance.now()
  for (let index = 0; index < TIMED_STEPS; index++) await step()
  return Math.max((performance.now() - started) / 1000, 1e-6) / TIMED_STEPS
}
