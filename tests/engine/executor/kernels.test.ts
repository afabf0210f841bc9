import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Executor } from '../../../engine/executor/executor.js'
import { KERNELS } from '../../../engine/executor/trace/kernels/index.js'
import { leavesOf, mapTree, specsOf, type HostArray, type TensorTree } from '../../../engine/executor/tree.js'
import { GRADIENTS } from '../../../engine/gradients/index.js'
import { add, grads, mul, profile, sum, tensor, tidy, type Scalar, type Tensor } from '../../../engine/tf.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { presentExecutors } from '../../presentExecutors.js'
import { KERNEL_CASES, numbers, type KernelCase } from './kernelCases.js'

const CASES = Object.entries(KERNEL_CASES).flatMap(([kernel, cases]) =>
  cases.map((each, index) => [kernel, index, each] as const),
)
const arrays = (tree: unknown): [string, HostArray][] => [...leavesOf<HostArray>(tree)]

/** A number made of all outputs with weights of their own, so that every entry's derivative differs. */
function weighted(output: TensorTree): Scalar {
  const parts = [...leavesOf<Tensor>(output).values()].map((part, index) => {
    const { data, shape } = numbers(part.shape, 0.5, 1.5, 20 + index)
    return sum(mul(part, tensor(data, [...shape])))
  })
  return parts.reduce((total, part) => add(total, part)) as Scalar
}

/** The gradients of a case in the inputs that it names. */
function gradientsOf({ of, differentiate = [] }: KernelCase): (inputs: Record<string, Tensor>) => TensorTree {
  return (inputs) => {
    const made = grads((...parts: Tensor[]) =>
      weighted(
        of({ ...inputs, ...Object.fromEntries(differentiate.map((name, index) => [name, parts[index] as Tensor])) }),
      ),
    )(differentiate.map((name) => inputs[name] as Tensor))
    return Object.fromEntries(differentiate.map((name, index) => [name, made[index] as Tensor]))
  }
}

async function runOn(
  executor: Executor,
  fn: (inputs: Record<string, Tensor>) => TensorTree,
  inputs: KernelCase['inputs'],
): Promise<[string, HostArray][]> {
  const program = await executor.compile(
    fn as (inputs: TensorTree) => TensorTree,
    specsOf<TensorTree>(inputs as never),
    {},
  )
  return arrays(await program.run(inputs as never))
}

/** Graphics processors approximate these, and give numbers where there are none; neither is ours to mend. */
const APPROXIMATE = /^(Sin|Cos|Tan|Pow)$/

function expectSame(
  actual: readonly [string, HostArray][],
  expected: readonly [string, HostArray][],
  rough = false,
): void {
  expect(actual.map(([path, { shape }]) => [path, [...shape]])).toEqual(
    expected.map(([path, { shape }]) => [path, [...shape]]),
  )
  expected.forEach(([, { data }], index) => {
    const given = actual[index]?.[1].data ?? []
    expect(given.constructor).toBe(data.constructor)
    const largest = Math.max(1, ...Array.from(data, Math.abs).filter(Number.isFinite))
    data.forEach((value, entry) => {
      if (Number.isFinite(value))
        expect(Math.abs((given[entry] ?? NaN) - value)).toBeLessThan((rough ? 1e-3 : 2e-6) * largest)
      else if (!rough) expect(given[entry]).toBe(value)
    })
  })
}

describe('the kernel table on the reference backend', () => {
  let reference: Executor
  beforeAll(async () => {
    reference = await startExecutor('cpu')
  })

  it('each case uses its kernel', async () => {
    await reference
      .compile(({ a }: { a: Tensor }) => ({ a }), { a: { shape: [], type: 'float32' } }, {})
      .then((program) => program.run({ a: { data: Float32Array.of(1), shape: [] } }))
    for (const [kernel, index, { inputs, of }] of CASES) {
      const { kernelNames } = await profile(() => {
        tidy(
          () =>
            of(
              mapTree(inputs, (name) =>
                tensor(
                  (inputs[name] as HostArray).data,
                  [...(inputs[name] as HostArray).shape],
                  (inputs[name] as HostArray).data instanceof Int32Array ? 'int32' : 'float32',
                ),
              ) as Record<string, Tensor>,
            ) as never,
        )
      })
      expect(kernelNames, `case ${index} of ${kernel}`).toContain(kernel)
    }
  })

  it.each(CASES.filter(([, , { differentiate = [] }]) => differentiate.length > 0))(
    '%s, case %i: its gradient is the slope of its values',
    async (_, __, each) => {
      const step = 1 / 256
      const value = async (inputs: KernelCase['inputs']): Promise<number> =>
        (await runOn(reference, (given) => ({ out: weighted(each.of(given)) }), inputs))[0]?.[1].data[0] ?? NaN
      const gradients = await runOn(reference, gradientsOf(each), each.inputs)
      for (const [name, { data: slopes }] of gradients) {
        const input = each.inputs[name] as HostArray
        for (let entry = 0; entry < input.data.length; entry++) {
          const moved = (by: number): KernelCase['inputs'] => ({
            ...each.inputs,
            [name]: {
              ...input,
              data: (input.data as Float32Array).map((number, index) => (index === entry ? number + by : number)),
            },
          })
          const slope = ((await value(moved(step))) - (await value(moved(-step)))) / (2 * step)
          expect(Math.abs(slope - (slopes[entry] ?? NaN))).toBeLessThan(0.01 * Math.max(1, Math.abs(slope)))
        }
      }
    },
  )

  it('differentiates every kernel of the table of gradients', async () => {
    const used = new Set<string>()
    for (const [kernel, , { differentiate = [] }] of CASES) if (differentiate.length > 0) used.add(kernel)
    // Kernels whose derivative is 0 by nature, and those that only the derivatives of others use.
    expect(
      Object.keys(GRADIENTS)
        .filter((kernel) => !used.has(kernel))
        .sort(),
    ).toEqual(['Cast', 'Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'NotEqual', 'OneHot'])
  })
})

describe.each(await presentExecutors(['wasm', 'cpu']))('the kernel table on %s', (name) => {
  let executor: Executor
  let reference: Executor
  beforeAll(async () => {
    reference = await startExecutor('cpu')
    executor = await startExecutor(name)
  })
  afterAll(() => executor.dispose())

  it('maps every kernel', () => {
    expect(Object.keys(KERNEL_CASES).sort()).toEqual(Object.keys(KERNELS).sort())
  })

  it.each(CASES)('%s, case %i: the same numbers as the reference', async (kernel, _, { inputs, of }) => {
    expectSame(
      await runOn(executor, of, inputs),
      await runOn(reference, of, inputs),
      name !== 'onnx-cpu' && APPROXIMATE.test(kernel),
    )
  })

  it.each(CASES.filter(([, , { differentiate = [] }]) => differentiate.length > 0))(
    '%s, case %i: the same gradients',
    async (kernel, _, each) => {
      expectSame(
        await runOn(executor, gradientsOf(each), each.inputs),
        await runOn(reference, gradientsOf(each), each.inputs),
        name !== 'onnx-cpu' && APPROXIMATE.test(kernel),
      )
    },
  )
})
