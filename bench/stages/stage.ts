import type { Executor } from '../../engine/executor/executor.js'
import { randomStream } from '../../engine/random/index.js'

/** Sizes that all stages share. */
export interface Sizes {
  /** d */
  inputs: number
  /** H */
  units: number
  /** B */
  batch: number
  /** C */
  classes: number
  /** Images of an epoch. */
  epochImages: number
}

/** As published: CIFAR-10, 2000 units, batches of 1000. */
export const FULL: Sizes = { inputs: 3072, units: 2000, batch: 1000, classes: 10, epochImages: 50_000 }
export const QUICK: Sizes = { inputs: 3072, units: 400, batch: 200, classes: 10, epochImages: 2000 }

/** A stage that is ready to be timed. */
export interface Prepared {
  /** One step. */
  run(): Promise<void>
  /** Work that belongs beside the step, timed after each: the steps of an epoch without their images. */
  beside?(): Promise<void>
  /** What the reader should know of this run. */
  note?: string
}

/** One thing that is measured. */
export interface Stage {
  /** Floating-point operations of the products that it cannot do without; null where no float32 product is its limit. */
  operations(sizes: Sizes): number | null
  /** Steps that are timed at a stretch, the first uncounted, before the others' turn; 1 for stages of seconds, which need no such start. */
  stretch: number
  /** Which executor computes; null for code that needs none. */
  prepare(sizes: Sizes, executor: Executor): Promise<Prepared>
}

/** 2 B d H, the overlaps of a batch. */
export const overlapOperations = ({ inputs, units, batch }: Sizes): number => 2 * inputs * units * batch

/** Independent N(0, spread²) numbers. */
export function normal(length: number, seed: number, spread: number): Float32Array {
  const values = new Float32Array(length)
  randomStream(seed, 'bench').fillNormal(values, spread)
  return values
}
