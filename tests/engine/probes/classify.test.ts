import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImageSource } from '../../../engine/datasets/imageSource.js'
import type { Executor } from '../../../engine/executor/executor.js'
import { classify } from '../../../engine/probes/classify.js'
import { startExecutor } from '../../../lab/compute/executors/index.js'
import { networkOfModel } from '../../../lab/compute/networkOfModel.js'
import { expectClose } from '../../goldenFiles.js'
import { goldenModels } from '../../lab/formats/goldenModels.js'
import { presentExecutors } from '../../presentExecutors.js'

const classifiers = goldenModels().filter(({ record }) => 'classes' in record.facts)

/** Images as they lie in the golden file; nothing is normalised again. */
function sourceOf(images: Float32Array, label: (index: number) => number, times = 1): ImageSource {
  const count = (images.length / 27) * times
  const read: ImageSource['read'] = (index, target, offset) =>
    target.set(images.subarray((index % (images.length / 27)) * 27, (index % (images.length / 27)) * 27 + 27), offset)
  return {
    shape: [3, 3, 3],
    count,
    labels: Uint8Array.from({ length: count }, (_, index) => label(index)),
    normalised: false,
    identity: {},
    read,
    display: () => {},
  }
}

const largestOf = (row: Float32Array): number =>
  row.reduce((best, value, index) => (value > (row[best] ?? -Infinity) ? index : best), 0)

describe.each(await presentExecutors())('classification on %s', (name) => {
  let executor: Executor
  beforeAll(async () => {
    executor = await startExecutor(name)
  })
  afterAll(() => executor.dispose())

  it.each(classifiers.map((model) => [`${model.record.facts.type} of ${model.source.join(' ')}`, model] as const))(
    '%s answers as the original in evaluation mode',
    async (_, { record, images, logits, tolerance }) => {
      const rows = images.length / 27
      const best = Array.from({ length: rows }, (_row, row) => largestOf(logits.subarray(row * 10, row * 10 + 10)))
      // Every other label is wrong.
      const source = sourceOf(images, (index) => ((best[index] ?? 0) + (index % 2)) % 10)
      const result = await classify({
        model: networkOfModel(record),
        source,
        images: rows,
        lebesgueNorm: 3,
        executor,
        logitRows: 3,
      })
      expectClose(result.logits, logits.subarray(0, 30), tolerance)
      expect([...result.predictions]).toEqual(best)
      expect(result).toMatchObject({ images: rows, correct: Math.ceil(rows / 2) })
    },
  )

  it('more images than a batch are all seen, the last batch smaller', async () => {
    const [model] = classifiers
    if (model === undefined) throw new Error('there is no classifier')
    const reported: number[] = []
    const source = sourceOf(model.images, () => 0, 300)
    const result = await classify({
      model: networkOfModel(model.record),
      source,
      images: 1203,
      lebesgueNorm: 3,
      executor,
      logitRows: 1203,
      onProgress: (done) => reported.push(done),
    })
    expect([reported, result.predictions.length, result.logits.length]).toEqual([[1000, 1203], 1203, 12_030])
    expectClose(result.logits.subarray(12_000), Float32Array.from([...model.logits.subarray(0, 30)]), model.tolerance)
  })

  it('what does not fit is refused', async () => {
    const [model] = classifiers
    if (model === undefined) throw new Error('there is no classifier')
    const network = networkOfModel(model.record)
    const options = {
      model: network,
      source: sourceOf(model.images, () => 0),
      images: 5,
      lebesgueNorm: 3,
      executor,
      logitRows: 0,
    }
    await expect(classify({ ...options, source: sourceOf(model.images, () => 10) })).rejects.toMatchObject({
      code: 'value.range',
      message: expect.stringContaining('the label of image 0 is 10') as string,
    })
    await expect(classify({ ...options, source: { ...options.source, shape: [28, 28, 1] } })).rejects.toMatchObject({
      code: 'shape.mismatch',
      message: expect.stringContaining('images of 27 entries') as string,
    })
    await expect(classify({ ...options, cancelled: () => true })).rejects.toMatchObject({ code: 'cancelled' })
    const steep = {
      ...network,
      parameters: { ...network.parameters, dense: { data: new Float32Array(120).fill(3e38), shape: [10, 12] } },
    }
    await expect(classify({ ...options, model: steep })).rejects.toMatchObject({ code: 'probe.notANumber' })
  })
})
