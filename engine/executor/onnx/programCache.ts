import type { PureFunction, StaticOptions } from '../executor.js'
import { trace } from '../trace/trace.js'
import { leavesOf, type TensorSpec, type TensorTree } from '../tree.js'
import { openProgram, type OnnxProgram } from './program.js'
import type { SessionOptions } from './session.js'

/** Every session keeps an arena of its own, up to hundreds of MB: no more stay open. */
const MOST_PROGRAMS = 12

/** Programs by function, options, shapes and types; the least recently used are closed when there are too many. */
export interface ProgramCache {
  /** The program, opened now if it is not. */
  open<Input extends TensorTree, Output extends TensorTree, Options extends StaticOptions>(
    fn: PureFunction<Input, Output, Options>,
    specs: unknown,
    options: Options,
  ): Promise<OnnxProgram>
  readonly size: number
  dispose(): Promise<void>
}

/** @param session - how all sessions of the cache are opened */
export function createProgramCache(session: SessionOptions): ProgramCache {
  const functions = new WeakMap<object, number>()
  const programs = new Map<string, Promise<OnnxProgram>>()
  let nextFunction = 1

  const keyOf = (fn: object, specs: unknown, options: object): string => {
    const number = functions.get(fn) ?? nextFunction++
    functions.set(fn, number)
    const leaves = [...leavesOf<TensorSpec>(specs)].map(([path, { shape, type }]) => `${path}:${type}[${shape.join()}]`)
    return `${number} ${JSON.stringify(options)} ${leaves.join(' ')}`
  }
  const close = async (key: string): Promise<void> => {
    const program = programs.get(key)
    programs.delete(key)
    await (await program?.catch(() => undefined))?.dispose()
  }
  return {
    open: async (fn, specs, options) => {
      const key = keyOf(fn, specs, options)
      const program =
        programs.get(key) ??
        openProgram(trace(fn as (input: never, options: never) => unknown, specs, options), session)
      // Put last: the order of the map is the order of use.
      programs.delete(key)
      programs.set(key, program)
      program.catch(() => programs.delete(key))
      for (const oldest of programs.keys()) {
        if (programs.size <= MOST_PROGRAMS) break
        await close(oldest)
      }
      return program
    },
    get size() {
      return programs.size
    },
    dispose: async () => {
      for (const key of [...programs.keys()]) await close(key)
    },
  }
}
