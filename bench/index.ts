// `npm run bench`: medians of several runs, and ratios taken in the same run. Absolute times depend on the machine; compare ratios.
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { Tensor } from 'onnxruntime-node'
import { EXECUTOR_NAMES } from '../contract/index.js'
import type { Executor } from '../engine/executor/executor.js'
import { onnxModel } from '../engine/executor/onnx/model.js'
import { openSession } from '../engine/executor/onnx/session.js'
import { symmetricEigenvalues } from '../engine/linalg/symmetricEigen.js'
import { randomStream } from '../engine/random/index.js'
import { createExecutor } from '../lab/compute/executors/index.js'

interface Stage { stage: string; executor: string; medianMs: number; limitMs: number | null; ratioToLimit: number | null }

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'boolean' } } })
const ROUNDS = options.quick === true ? 3 : 7
const INPUTS = 3072

async function medianMs(work: () => Promise<unknown>, rounds = ROUNDS): Promise<number> {
  await work()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    await work()
    times.push(performance.now() - started)
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN
}

function normal(length: number, seed: number, spread: number): Float32Array {
  const values = new Float32Array(length)
  randomStream(seed, 'bench').fillNormal(values, spread)
  return values
}

/** The float32 product X Gᵀ that a step cannot do without, alone on ONNX Runtime: the limit of every executor's step. */
async function overlapProduct(units: number, batch: number): Promise<number> {
  const session = await openSession(onnxModel({ constants: [],
    nodes: [{ operator: 'Gemm', inputs: ['a', 'b'], outputs: ['c'], attributes: { transB: { int: 1 } } }],
    inputs: [{ name: 'a', type: 'float32', shape: [batch, INPUTS] }, { name: 'b', type: 'float32', shape: [units, INPUTS] }],
    outputs: [{ name: 'c', type: 'float32', shape: [batch, units] }],
  }))
  const feeds = { a: new Tensor('float32', normal(batch * INPUTS, 3, 1), [batch, INPUTS]), b: new Tensor('float32', normal(units * INPUTS, 4, 1), [units, INPUTS]) }
  const ms = await medianMs(() => session.run(feeds))
  await session.release()
  return ms
}

/** The layer step beside its limit, taken right after it. */
async function layerStep(executor: Executor, units: number, batch: number): Promise<Stage> {
  const program = await executor.layerProgram({
    rule: 'fkhl3', hiddenUnits: units, inputSize: INPUTS, weights: normal(units * INPUTS, 1, 1), lebesgueNorm: 3, rank: 2, antiHebbianStrength: 0.4, radius: 1, precision: 1e-9,
  })
  const images = normal(batch * INPUTS, 2, 0.07).map(Math.abs)
  const ms = await medianMs(() => program.step(images, 0.02))
  await program.dispose()
  const limitMs = await overlapProduct(units, batch)
  return { stage: `layer-step ${units} units, batch ${batch}`, executor: executor.name, medianMs: ms, limitMs, ratioToLimit: ms / limitMs }
}

async function product(executor: Executor, units: number, batch: number): Promise<Stage> {
  const [images, weights] = [Float64Array.from(normal(batch * INPUTS, 3, 1)), Float64Array.from(normal(units * INPUTS, 4, 1))]
  const ms = await medianMs(() => executor.multiply64(images, weights, { rows: batch, inner: INPUTS, columns: units, transposeB: true }))
  return { stage: `product in float64, ${batch} x ${INPUTS} x ${units}`, executor: executor.name, medianMs: ms, limitMs: null, ratioToLimit: null }
}

async function eigenvalues(size: number): Promise<Stage> {
  const matrix = new Float64Array(size * size)
  const random = randomStream(5, 'bench matrix')
  for (let row = 0; row < size; row++) for (let column = 0; column <= row; column++) matrix[row * size + column] = matrix[column * size + row] = random.normal()
  return { stage: `eigenvalues ${size} x ${size}`, executor: 'plain', medianMs: await medianMs(async () => symmetricEigenvalues(matrix, size), size > 1000 ? 1 : ROUNDS), limitMs: null, ratioToLimit: null }
}

const stages: Stage[] = []
for (const name of EXECUTOR_NAMES) {
  const started = await createExecutor(name).catch((error: unknown) => void console.error(error instanceof Error ? error.message : error))
  if (started === undefined) continue
  const { executor } = started
  const sizes: [number, number][] = name === 'onnx-cpu' ? [[400, 16], [400, 100], [2000, 1000]] : [[400, 16]]
  for (const [units, batch] of sizes) stages.push(await layerStep(executor, units, batch))
  stages.push(await product(executor, 400, 100))
  await executor.dispose()
}
for (const size of options.quick === true ? [400] : [400, 2000]) stages.push(await eigenvalues(size))

const reference = stages.find(({ executor, stage }) => executor === 'onnx-cpu' && stage.startsWith('product'))?.medianMs ?? NaN
for (const stage of stages) {
  if (!stage.stage.startsWith('product')) continue
  stage.limitMs = reference
  stage.ratioToLimit = stage.medianMs / reference
}
if (options.json === true) console.log(JSON.stringify({ machine: cpus()[0]?.model, cores: cpus().length, node: process.version, stages, rssMb: process.memoryUsage().rss / 1e6 }, null, 2))
else {
  console.log(`${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}; medians of ${ROUNDS}`)
  for (const { stage, executor, medianMs: ms, ratioToLimit } of stages) console.log(`${stage.padEnd(44)} ${executor.padEnd(9)} ${ms.toFixed(2).padStart(9)} ms${ratioToLimit === null ? '' : `  ${ratioToLimit.toFixed(2)} x ${stage.startsWith('layer') ? 'its product alone' : 'onnx-cpu'}`}`)
}
