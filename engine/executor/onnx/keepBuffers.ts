import type { StatefulProgram, StateFunction, StaticOptions } from '../executor.js'
import { leavesOf, specOf, treeOf, type HostArray, type HostTree, type TensorTree } from '../tree.js'
import type { ProgramCache } from './programCache.js'

type Buffers = ReadonlyMap<string, HostArray>

const under = (prefix: string, arrays: Buffers): Map<string, HostArray> => new Map([...arrays].map(([path, array]) => [`${prefix}.${path}`, array]))

/**
 * A state in two sets of buffers: a step reads one, writes the other, and they change places. Nothing is allocated or copied.
 *
 * @param programs - opens a program for every shape of input that turns up
 */
export function keepBuffers<State extends TensorTree, Input extends TensorTree, Output extends TensorTree, Options extends StaticOptions>(
  programs: ProgramCache, fn: StateFunction<State, Input, Output, Options>, first: HostTree<State>, options: Options,
): StatefulProgram<State, Input, Output> {
  let present: Buffers = new Map([...leavesOf<HostArray>(first)].map(([path, { data, shape }]) => [path, { data: data.slice(), shape }]))
  let spare: Buffers = new Map([...present].map(([path, { data, shape }]) => [path, { data: data.slice(), shape }]))
  return {
    step: async (input) => {
      const feeds = new Map([...leavesOf<HostArray>(input), ...under('state', present)])
      const specs = treeOf([...feeds].map(([path, array]) => [path, specOf(array)] as const))
      const program = await programs.open(fn, specs, options)
      const outputs = await program.run(feeds, under('state', spare))
      const before = present
      present = spare
      spare = before
      return treeOf([...outputs].filter(([path]) => !path.startsWith('state.'))) as HostTree<Output>
    },
    state: async () => treeOf([...present].map(([path, { data, shape }]) => [path, { data: data.slice(), shape }] as const)) as HostTree<State>,
    dispose: async () => {
      present = new Map()
      spare = new Map()
    },
  }
}
