import type { Tensor } from '@tensorflow/tfjs-core'
import type { ExecutorName } from '../../contract/index.js'
import type { LayerProgram, LayerProgramOptions } from '../learning/layerProgram.js'

/** A record of tensors: what a pure engine function takes and returns. */
export type TensorRecord = Record<string, Tensor>

/** Plain numbers with a shape, on the host. */
export interface HostArray {
  data: Float32Array | Int32Array
  shape: readonly number[]
}

/** A pure function over tensors: no side effects, no random numbers, no values read while it runs. */
export type PureFunction<Input extends TensorRecord, Output extends TensorRecord> = (input: Input) => Output

/** A compiled function: host arrays in, host arrays out, by the same names. */
export type Compiled<Input extends TensorRecord, Output extends TensorRecord> = (
  input: { [Name in keyof Input]: HostArray },
) => Promise<{ [Name in keyof Output]: HostArray }>

/**
 * Runs engine functions. All executors compute the same maths; they differ in speed alone.
 * One process has one executor at a time, in its one compute thread.
 */
export interface Executor {
  readonly name: ExecutorName
  /** What runs, for people: `WebAssembly SIMD, 1 thread`. */
  readonly description: string
  /** Compiles a pure function; the eager executors run it operation by operation. */
  compile<Input extends TensorRecord, Output extends TensorRecord>(fn: PureFunction<Input, Output>): Compiled<Input, Output>
  /** The learning step of one layer with the weights held by the executor between steps; equal to `fkhl3Step`. */
  layerProgram(options: LayerProgramOptions): Promise<LayerProgram>
  /**
   * Product in float64: c = op(a) op(b), row-major, with op the transpose where asked.
   *
   * @param a - rows x inner (inner x rows when `transposeA`)
   * @param b - inner x columns (columns x inner when `transposeB`)
   * @returns rows x columns
   */
  multiply64(a: Float64Array, b: Float64Array, size: { rows: number; inner: number; columns: number; transposeA?: boolean; transposeB?: boolean }): Promise<Float64Array>
  /** Tensors and bytes alive, to find leaks. */
  memory(): { tensors: number; bytes: number }
  dispose(): Promise<void>
}
