import { LabError } from '../../../contract/index.js'
import { scalar, tidy, type Scalar, type Tensor } from '../../tf.js'
import { leavesOf, mapTree, type TensorTree } from '../tree.js'
import { currentGraph, recording, tensorOf, valueOf } from './backend.js'
import { Graph } from './graph.js'
import { cast } from './operations.js'
import { sameShape, scalarOf, type NodeValue } from './value.js'

/**
 * Repeats a step: state <- body(state, i) for i = 0 .. count - 1.
 *
 * A loop of JavaScript where operations run one by one; one ONNX Loop where the function is compiled, so that the program
 * does not grow with the count.
 *
 * @param count - number of repetitions, >= 1
 * @param state - tensors by name; their shapes and types stay
 * @param body - the step; its second argument is i as int32
 * @returns the last state
 * @throws LabError `trace.function` when the body changes the shape or type of a state
 */
export function scan<State extends TensorTree>(
  count: number,
  state: State,
  body: (state: State, index: Scalar) => State,
): State {
  const outer = currentGraph()
  return outer === null ? repeat(count, state, body) : loop(outer, count, state, body)
}

function repeat<State extends TensorTree>(
  count: number,
  state: State,
  body: (state: State, index: Scalar) => State,
): State {
  let present = state
  for (let index = 0; index < count; index++) {
    const next = tidy(() => body(present, scalar(index, 'int32')) as never) as State
    if (index > 0) {
      const kept = new Set([...leavesOf<Tensor>(next).values(), ...leavesOf<Tensor>(state).values()])
      for (const tensor of leavesOf<Tensor>(present).values()) if (!kept.has(tensor)) tensor.dispose()
    }
    present = next
  }
  return present
}

function loop<State extends TensorTree>(
  outer: Graph,
  count: number,
  state: State,
  body: (state: State, index: Scalar) => State,
): State {
  const inner = new Graph(outer.counter)
  const leaves = [...leavesOf<Tensor>(state)].map(([path, tensor]) => ({
    path,
    value: valueOf(tensor),
    name: inner.fresh('state'),
  }))
  const counter = { name: inner.fresh('index'), type: 'int64', shape: [] } as const
  const going = { name: inner.fresh('going'), type: 'bool', shape: [] } as const
  const graph = recording(inner, () => {
    const places = new Map(leaves.map(({ path, value, name }) => [path, inner.input(name, value.shape, value.type)]))
    const argument = mapTree(state, (path) => tensorOf(places.get(path) as NodeValue)) as State
    const results = leavesOf<Tensor>(
      body(argument, tensorOf(cast(inner, inner.input(counter.name, [], 'int64'), 'int32')) as Scalar),
    )
    const values = leaves.map(({ path, value }) => {
      const tensor = results.get(path)
      const next = tensor === undefined ? null : valueOf(tensor)
      if (next === null || next.type !== value.type || !sameShape(next.shape, value.shape)) {
        throw new LabError(
          'trace.function',
          `a repeated step must return ${path} as ${value.type} of [${value.shape.join(', ')}], got ${next === null ? 'nothing' : `${next.type} of [${next.shape.join(', ')}]`}`,
          { path },
        )
      }
      return next
    })
    const inputs = [
      counter,
      going,
      ...leaves.map(({ name, value }) => ({ name, type: value.type, shape: value.shape })),
    ]
    return inner.finish(inputs, [inner.input(going.name, [], 'bool'), ...values])
  })
  const results = outer.several(
    'Loop',
    [scalarOf(count, 'int64'), scalarOf(1, 'bool'), ...leaves.map(({ value }) => value)],
    leaves.map(({ value }) => ({ shape: value.shape, type: value.type })),
    { body: { body: graph } },
  )
  const byPath = new Map(leaves.map(({ path }, index) => [path, results[index] as NodeValue]))
  return mapTree(state, (path) => tensorOf(byPath.get(path) as NodeValue)) as State
}
