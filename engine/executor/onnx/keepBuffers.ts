import type { StatefulProgram, StateFunction, StaticOptions } from '../executor.js'
import { copyTree, leavesOf, mapTree, specsOf, type HostArray, type HostTree, type TensorTree } from '../tree.js'
import type { ProgramCache } from './programCache.js'

type Buffers = ReadonlyMap<string, HostArray>

const under = (prefix: string, arrays: Buffers): Map<string, HostArray> =>
  new Map([...arrays].map(([path, array]) => [`${prefix}.${path}`, array]))

/**
 * A state in two sets of buffers: a step reads one, writes the other, and they change places. Nothing is allocated or copied.
 *
 * @param programs - opens a program for every shape of input that turns up
 */
export function keepBuffers<
  State extends TensorTree,
  Input extends TensorTree,
  Output extends TensorTree,
  Options extends StaticOptions,
>(
  programs: ProgramCache,
  fn: StateFunction<State, Input, Output, Options>,
  first: HostTree<State>,
  options: Options,
): StatefulProgram<State, Input, Output> {
  let present: Buffers = leavesOf<HostArray>(copyTree<State>(first))
  let spare: Buffers = leavesOf<HostArray>(copyTree<State>(first))
  const tree = specsOf<State>(first)
  return {
    step: async (input) => {
      const feeds = new Map([...leavesOf<HostArray>(input), ...under('state', present)])
      const program = await programs.open(fn, { ...specsOf<Input>(input), state: tree }, options)
      const { state: _, ...outputs } = (await program.run(feeds, under('state', spare))) as Record<string, unknown>
      const before = present
      present = spare
      spare = before
      return outputs as HostTree<Output>
    },
    state: async () => copyTree<State>(mapTree(tree, (path) => present.get(path)) as HostTree<State>),
    dispose: async () => {
      present = new Map()
      spare = new Map()
    },
  }
}
