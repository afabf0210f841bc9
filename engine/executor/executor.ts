import type { ComputeDevice, ExecutorName } from '../../contract/index.js'
import type { LayerProgram, LayerProgramOptions } from '../learning/layerProgram.js'
import type { HostArray, HostTree, SpecTree, TensorTree } from './tree.js'

/** Plain values that a function is compiled for: another value makes another program. */
export type StaticOptions = object

/** A pure function over tensors: synchronous, no side effects, no random numbers, no values read while it runs. */
export type PureFunction<Input extends TensorTree, Output extends TensorTree, Options extends StaticOptions> = (
  input: Input,
  options: Options,
) => Output

/** A function from a state and an input to the next state and an output; both states have the same names, shapes and types. */
export type StateFunction<
  State extends TensorTree,
  Input extends TensorTree,
  Output extends TensorTree,
  Options extends StaticOptions,
> = PureFunction<Input & { state: State }, Output & { state: State }, Options>

/** A compiled function. */
export interface Program<Input extends TensorTree, Output extends TensorTree> {
  /**
   * @param input - numbers of the shapes and types that it was compiled for
   * @param into - arrays that receive outputs, by path; the others are allocated
   * @returns the outputs, in the arrays of `into` where those were given
   * @throws LabError `shape.mismatch` when a shape does not fit, `executor.failed`, `executor.memory`
   */
  run(input: HostTree<Input>, into?: ReadonlyMap<string, HostArray>): Promise<HostTree<Output>>
}

/** A function whose state stays with the executor between steps. */
export interface StatefulProgram<State extends TensorTree, Input extends TensorTree, Output extends TensorTree> {
  /** One step; inputs may change their shapes from step to step. */
  step(input: HostTree<Input>): Promise<HostTree<Output>>
  /** A copy of the state. */
  state(): Promise<HostTree<State>>
  dispose(): Promise<void>
}

/**
 * Runs engine functions. All executors compute the same maths; they differ in speed alone.
 * One process has one executor at a time, in its one compute thread.
 */
export interface Executor {
  readonly name: ExecutorName
  /** What runs, for people: `WebAssembly, 1 thread`. */
  readonly description: string
  readonly device: ComputeDevice
  /**
   * Compiles a pure function; the eager executors run it operation by operation.
   *
   * Programs are kept by function, options, shapes and types, so asking again costs nothing; the least used are let go.
   *
   * @param fn - a function that lives as long as the program of the workbench: its identity is part of the key
   * @throws LabError `trace.valueRead`, `trace.random`, `trace.unmapped`, `trace.function`
   */
  compile<Input extends TensorTree, Output extends TensorTree, Options extends StaticOptions>(
    fn: PureFunction<Input, Output, Options>,
    specs: SpecTree<Input>,
    options: Options,
  ): Promise<Program<Input, Output>>
  /** Compiles a function whose state stays here between steps; the first state is copied. */
  keep<State extends TensorTree, Input extends TensorTree, Output extends TensorTree, Options extends StaticOptions>(
    fn: StateFunction<State, Input, Output, Options>,
    state: HostTree<State>,
    options: Options,
  ): Promise<StatefulProgram<State, Input, Output>>
  /** The learning step of one layer with the weights held by the executor between steps; equal to its rule in engine/learning. */
  layerProgram(options: LayerProgramOptions): Promise<LayerProgram>
  /**
   * Product in float64: c = op(a) op(b), row-major, with op the transpose where asked.
   *
   * @param a - rows x inner (inner x rows when `transposeA`)
   * @param b - inner x columns (columns x inner when `transposeB`)
   * @returns rows x columns
   */
  multiply64(
    a: Float64Array,
    b: Float64Array,
    size: { rows: number; inner: number; columns: number; transposeA?: boolean; transposeB?: boolean },
  ): Promise<Float64Array>
  /** Tensors, programs and bytes that the executor knows to be alive, to find leaks. */
  memory(): { tensors: number; bytes: number }
  dispose(): Promise<void>
}
