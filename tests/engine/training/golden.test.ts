import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Executor } from '../../../engine/executor/executor.js'
import { specsOf, type HostTree, type TensorTree } from '../../../engine/executor/tree.js'
import type { NetworkInputs } from '../../../engine/experiments/classifier/inputs.js'
import { testClassifier } from '../../../engine/experiments/classifier/testSet.js'
import {
  forward,
  hiddenOf,
  type NetworkOptions,
  type NetworkParameters,
  type RunningStatistics,
} from '../../../engine/networks/index.js'
import { ADAM_DEFAULTS, adamFactors } from '../../../engine/optimisers/adam.js'
import { evaluateBatch } from '../../../engine/probes/evaluate.js'
import type { RegulariserSpec } from '../../../contract/index.js'
import { regulariserTerm, type TermInputs } from '../../../engine/regularisers/index.js'
import {
  trainGradients,
  trainStep,
  type TrainInput,
  type TrainMeasures,
  type TrainOptions,
  type TrainState,
} from '../../../engine/training/trainStep.js'
import { grads, type Scalar, type Tensor, type Tensor2D } from '../../../engine/tf.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { expectClose, float32Of, goldenFile, unitsByInputs, type GoldenArray } from '../../goldenFiles.js'
import { presentExecutors } from '../../presentExecutors.js'
import {
  hostOf,
  labelsOf,
  networkOf,
  rowsOf,
  scalarOf,
  stateOf,
  weightsOf,
  zerosLike,
  type HostRecord,
} from './networkGoldens.js'

type Golden = Record<string, GoldenArray>
interface ForwardCase {
  model: string
  n: number
  batch_norm: boolean
  train_ce_loss: number
  x: GoldenArray
  labels: GoldenArray
  W: GoldenArray
}
interface LoopFile {
  x: GoldenArray
  labels: GoldenArray
  runs: {
    run: string
    no_epochs: number
    initial_state: Golden
    final_state: Golden
    log: { loss: number[]; ce_loss: number[]; eval_acc: number[]; LpReg_loss?: number[]; eval_LpReg_score?: number[] }
  }[]
}
interface JacobianFile {
  cases: {
    model: string
    n_projections: number
    value: number
    raw_normal_draws: GoldenArray[]
    grad_W?: GoldenArray
    corrected_estimator_value?: number
    W: GoldenArray
  }[]
}
interface LpFile {
  parameters: Golden
  cases: { p: number; value: number; grads: Golden }[]
}

/** Terms that look at parameters alone are given one image of one entry. */
const NO_IMAGES = { data: new Float32Array(1), shape: [1, 1] }

const steppedRate = (epoch: number): number => (epoch - 1 <= 2 ? 1e-2 : epoch - 1 <= 4 ? 5e-3 : 1e-3)

type PassInput = { parameters: NetworkParameters; images: Tensor2D; running: RunningStatistics }
const passOf = (
  { parameters, images, running }: PassInput,
  { network, training }: { network: NetworkOptions; training: boolean },
): { hidden: Tensor; logits: Tensor } => {
  const { hidden, logits } = forward(parameters, images, running, training, network)
  return { hidden, logits }
}

type TermInput = { parameters: NetworkParameters; inputs: TermInputs; images: Tensor2D }
const termOf = (
  { parameters, inputs, images }: TermInput,
  { network, regulariser, batch }: { network: NetworkOptions; regulariser: RegulariserSpec; batch: number },
): { value: Tensor; gradients: { [name: string]: Tensor } } => {
  const names = Object.keys(parameters)
  const of = (...parts: Tensor[]): Scalar => {
    const present = Object.fromEntries(names.map((name, index) => [name, parts[index] as Tensor]))
    const hidden = regulariser.kind === 'spectral' ? hiddenOf({ parameters: present, images }, network).hidden : null
    return regulariserTerm({ parameters: present, network, batch, hidden, inputs }, regulariser)
  }
  const parts = names.map((name) => parameters[name] as Tensor)
  const made = grads(of)(parts)
  return {
    value: of(...parts),
    gradients: Object.fromEntries(names.map((name, index) => [name, made[index] as Tensor])),
  }
}

describe.each(await presentExecutors())('networks and training on %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor(name)
  })
  afterAll(() => executor.dispose())

  /** Compiles and runs; records of host arrays replace trees of tensors. */
  async function run<Input extends TensorTree, Output extends TensorTree, Options extends object>(
    fn: (input: Input, options: Options) => Output,
    input: object,
    options: Options,
  ): Promise<HostTree<Output>> {
    const program = await executor.compile(fn, specsOf<Input>(input as HostTree<Input>), options)
    return program.run(input as HostTree<Input>)
  }

  it.each(
    goldenFile<{ cases: (ForwardCase & Golden)[] }>('shlp_forward').cases.map(
      (golden, index) => [index, golden] as const,
    ),
  )('perceptron %i: forward pass, loss and gradients of the original', async (_, golden) => {
    const network = networkOf(golden.model, golden.n, golden.batch_norm)
    const need = (key: string): GoldenArray => golden[key] as GoldenArray
    const parameters: HostRecord = {
      weights: weightsOf(golden.W),
      dense: hostOf(need('dense_weight')),
      bias: hostOf(need('dense_bias')),
      ...(golden.batch_norm ? { scale: hostOf(need('bn_gamma')), shift: hostOf(need('bn_beta')) } : {}),
    }
    const units = golden.W.shape[1] ?? 0
    const running: HostRecord = golden.batch_norm
      ? {
          mean: { data: new Float32Array(units), shape: [units] },
          variance: { data: new Float32Array(units).fill(1), shape: [units] },
        }
      : {}
    const pass = await run(passOf, { parameters, images: rowsOf(golden.x), running }, { network, training: true })
    expectClose(pass.hidden.data, float32Of(need('train_hidden')), 1e-5)
    expectClose(pass.logits.data, float32Of(need('train_logits')), 1e-5)
    const {
      gradients,
      measures,
      running: after,
    } = await run(
      trainGradients,
      { parameters, running, batch: { images: rowsOf(golden.x), labels: labelsOf(golden.labels), terms: {} } },
      { network, regularisers: [], adam: ADAM_DEFAULTS, input: 'images' },
    )
    expect(measures.loss.data[0]).toBeCloseTo(golden.train_ce_loss, 5)
    expectClose(gradients['weights']?.data ?? [], unitsByInputs(need('grad_W')), 1e-5)
    expectClose(gradients['dense']?.data ?? [], float32Of(need('grad_dense_weight')), 1e-5)
    expectClose(gradients['bias']?.data ?? [], float32Of(need('grad_dense_bias')), 1e-5)
    if (golden.batch_norm) {
      expectClose(gradients['scale']?.data ?? [], float32Of(need('grad_bn_gamma')), 1e-5)
      expectClose(gradients['shift']?.data ?? [], float32Of(need('grad_bn_beta')), 1e-5)
      expectClose(after['mean']?.data ?? [], float32Of(need('running_mean_after')), 1e-5)
      expectClose(after['variance']?.data ?? [], float32Of(need('running_var_after')), 1e-5)
    }
    const evaluated = await run(
      passOf,
      { parameters, images: rowsOf(golden.x), running: after },
      { network, training: false },
    )
    expectClose(evaluated.logits.data, float32Of(need('eval_logits')), 1e-5)
    const { predictions } = await run(
      evaluateBatch,
      { parameters, images: rowsOf(golden.x), running: after, labels: labelsOf(golden.labels) },
      network,
    )
    expect([...predictions.data]).toEqual(need('pred').data)
  })

  it.each(
    goldenFile<{ params: { p: number }; cases: (ForwardCase & Golden)[] }>('khmodel_forward').cases.map(
      (golden) => [golden.n, golden] as const,
    ),
  )('the hybrid model of the original with n = %d', async (n, golden) => {
    const network = networkOf('KHModel', n, false, goldenFile<{ params: { p: number } }>('khmodel_forward').params.p)
    const parameters: HostRecord = {
      weights: weightsOf(golden.W),
      dense: hostOf(golden['dense_weight'] as GoldenArray),
      bias: hostOf(golden['dense_bias'] as GoldenArray),
    }
    const { gradients } = await run(
      trainGradients,
      { parameters, running: {}, batch: { images: rowsOf(golden.x), labels: labelsOf(golden.labels), terms: {} } },
      { network, regularisers: [], adam: ADAM_DEFAULTS, input: 'images' },
    )
    expect(Object.keys(gradients)).toEqual(['dense', 'bias'])
    expectClose(
      gradients['dense']?.data ?? [],
      float32Of(golden['grad_dense_weight'] as GoldenArray),
      n === 10 ? 1e-4 : 1e-5,
    )
    const pass = await run(passOf, { parameters, images: rowsOf(golden.x), running: {} }, { network, training: true })
    expectClose(pass.logits.data, float32Of(golden['logits'] as GoldenArray), n === 10 ? 1e-4 : 1e-5)
  })

  const loop = goldenFile<LoopFile>('supervised_loop')
  it.each(loop.runs.map((golden) => [golden.run, golden] as const))(
    '%s: the same states and logs as the original',
    async (label, golden) => {
      const penalised = label.includes('L2')
      const network = networkOf(
        label.startsWith('KHModel') ? 'KHModel' : 'SHLP',
        label.startsWith('KHModel') ? 4.5 : 1,
        label.includes('batch norm'),
      )
      const options: TrainOptions = {
        network,
        regularisers: penalised ? [{ kind: 'lebesgue', strength: 5e-4, lebesgueNorm: 2 }] : [],
        adam: ADAM_DEFAULTS,
        input: 'images',
      }
      const first = stateOf(golden.initial_state)
      const trained = Object.fromEntries(
        Object.entries(first.parameters).filter(([key]) => network.kind !== 'hybrid' || key !== 'weights'),
      )
      const state = {
        ...first,
        first: zerosLike(trained),
        second: zerosLike(trained),
      } as unknown as HostTree<TrainState>
      const program = await executor.keep<TrainState, TrainInput, TrainMeasures, TrainOptions>(
        trainStep,
        state,
        options,
      )
      let step = 0
      for (let epoch = 1; epoch <= golden.no_epochs; epoch++) {
        const sums = { loss: 0, entropy: 0, penalty: 0 }
        for (let start = 0; start < 30; start += 10) {
          const factors = adamFactors(label.includes('stepped') ? steppedRate(epoch) : 1e-2, ++step, ADAM_DEFAULTS)
          const measures = await program.step({
            batch: {
              images: rowsOf(loop.x, start, start + 10),
              labels: labelsOf(loop.labels, start, start + 10),
              terms: {},
            },
            stepSize: scalarOf(factors.stepSize),
            correction: scalarOf(factors.correction),
          } as unknown as HostTree<TrainInput>)
          sums.loss += measures.loss.data[0] ?? NaN
          sums.entropy += measures.crossEntropy.data[0] ?? NaN
          sums.penalty += measures.penalties['penalty0']?.data[0] ?? 0
        }
        expect(sums.loss).toBeCloseTo(golden.log.loss[epoch - 1] ?? NaN, 4)
        expect(sums.entropy).toBeCloseTo(golden.log.ce_loss[epoch - 1] ?? NaN, 4)
        if (penalised) expect(sums.penalty).toBeCloseTo(golden.log.LpReg_loss?.[epoch - 1] ?? NaN, 2)
        // The original evaluates in training mode, which moves the running statistics once per test batch.
        if (network.batchNorm) break
      }
      if (!network.batchNorm) {
        const last = await program.state()
        const expected = stateOf(golden.final_state)
        for (const [key, array] of Object.entries(expected.parameters))
          expectClose(last.parameters[key]?.data ?? [], array.data, 1e-4)
      }
      await program.dispose()
    },
  )

  it('the score of a penalty over test images is that of the original', async () => {
    const golden = loop.runs.find(({ log }) => log.eval_LpReg_score !== undefined)
    if (golden === undefined) throw new Error('no golden run has a score')
    const spec: RegulariserSpec = { kind: 'lebesgue', strength: 5e-4, lebesgueNorm: 2 }
    const { parameters, running } = stateOf(golden.final_state)
    const images = rowsOf(loop.x, 30, 40)
    const [count = 0, width = 0] = images.shape
    const inputs: NetworkInputs = {
      kind: 'images',
      width,
      count,
      labels: Uint8Array.from(labelsOf(loop.labels, 30, 40).data),
      rows: (indices) =>
        Float32Array.from(
          Array.from(indices, (index) => [...images.data.slice(index * width, (index + 1) * width)]).flat(),
        ),
      close: () => {},
    }
    const result = await testClassifier({
      inputs,
      parameters: parameters as unknown as HostTree<NetworkParameters>,
      running: running as unknown as HostTree<RunningStatistics>,
      network: networkOf('SHLP', 1),
      training: false,
      classes: 4,
      batchSize: 5,
      terms: [{ spec, index: 0, constant: null }],
      termInputs: () => ({}),
      most: 0,
      executor,
    })
    expect(result.accuracy).toBe(golden.log.eval_acc.at(-1))
    // The original sums over its two batches; ours is the mean.
    expect(2 * (result.penalties[0] ?? NaN)).toBeCloseTo(golden.log.eval_LpReg_score?.at(-1) ?? NaN, 3)
  })

  it.each(goldenFile<JacobianFile>('jacobian_regulariser').cases.map((golden, index) => [index, golden] as const))(
    'Jacobian penalty %i: value and gradient of the original',
    async (_, golden) => {
      const network = networkOf(golden.model, 1)
      const exact = golden.n_projections === -1
      const inputs: HostRecord =
        golden.n_projections === -1
          ? {}
          : {
              normal: {
                data: Float32Array.from(golden.raw_normal_draws.flatMap((array) => [...float32Of(array)])),
                shape: [golden.n_projections, 4, 6],
              },
            }
      const input = { parameters: { weights: weightsOf(golden.W) }, inputs, images: NO_IMAGES }
      const at = (estimator: 'faithful' | 'corrected' | 'exact'): RegulariserSpec => ({
        kind: 'jacobian',
        strength: 1,
        projections: Math.max(1, golden.n_projections),
        estimator,
      })
      const { value, gradients } = await run(termOf, input, {
        network,
        batch: 4,
        regulariser: at(exact ? 'exact' : 'faithful'),
      })
      // The original's exact sum runs over the batch of 4 and is not divided by it; the Jacobian is the same for every image.
      const times = exact ? 4 : 1
      expect(Math.abs(((value.data[0] ?? NaN) * times) / golden.value - 1)).toBeLessThan(1e-5)
      if (golden.grad_W !== undefined)
        expectClose(
          (gradients['weights']?.data ?? new Float32Array(0)).map((slope) => slope * times),
          unitsByInputs(golden.grad_W),
          1e-5,
        )
      if (golden.corrected_estimator_value !== undefined) {
        const corrected = await run(termOf, input, { network, batch: 4, regulariser: at('corrected') })
        expect(Math.abs((corrected.value.data[0] ?? NaN) / golden.corrected_estimator_value - 1)).toBeLessThan(1e-5)
      }
    },
  )

  it('Lebesgue penalties of the original for p = 1, 2, 3, with the gradients of p = 3', async () => {
    const { parameters, cases } = goldenFile<LpFile>('lp_regulariser')
    const input = {
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([key, array]) => [key.replaceAll('.', '_'), hostOf(array)]),
      ),
      inputs: {},
      images: NO_IMAGES,
    }
    for (const golden of cases) {
      const { value, gradients } = await run(termOf, input, {
        network: networkOf('SHLP', 1),
        batch: 1,
        regulariser: { kind: 'lebesgue', strength: 1, lebesgueNorm: golden.p },
      })
      expect(Math.abs((value.data[0] ?? NaN) / golden.value - 1)).toBeLessThan(1e-5)
      // The file holds the gradients of p = 3 under every p: the recorder kept one array and overwrote it. Slopes of the others: kernels.test.ts.
      if (golden.p === 3)
        for (const [key, array] of Object.entries(golden.grads))
          expectClose(gradients[key.replaceAll('.', '_')]?.data ?? [], float32Of(array), 1e-5)
    }
  })
})
