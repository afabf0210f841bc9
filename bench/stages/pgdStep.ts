import { pgdStep as attack, type PgdInput } from '../../engine/attacks/pgdStep.js'
import { specsOf, type HostArray, type HostTree } from '../../engine/executor/tree.js'
import { paddedRow } from '../../engine/kernels/memory.js'
import { withPaddedRows } from '../../engine/networks/frozenNetwork.js'
import { batchOf, firstParameters, NETWORK } from './network.js'
import { overlapOperations, type Stage } from './stage.js'

const scalar = (value: number): HostArray => ({ data: Float32Array.of(value), shape: [] })

/** One step of projected gradient ascent, its images written where the next step reads them. */
export const pgdStep: Stage = {
  operations: (sizes) => 2 * overlapOperations(sizes),
  stretch: 5,
  prepare: async (sizes, executor) => {
    const { images: plain, labels } = batchOf(sizes)
    // In padded rows, as sweeps attack them.
    const { parameters } = withPaddedRows({ options: NETWORK, parameters: firstParameters(sizes), running: {} })
    const rowLength = paddedRow(sizes.inputs)
    const images: HostArray = { data: new Float32Array(sizes.batch * rowLength), shape: [sizes.batch, rowLength] }
    for (let image = 0; image < sizes.batch; image++)
      images.data.set(plain.data.subarray(image * sizes.inputs, (image + 1) * sizes.inputs), image * rowLength)
    const places = [images, { data: images.data.slice(), shape: images.shape }]
    const fixed = {
      parameters,
      running: {},
      origin: { data: images.data.slice(), shape: images.shape },
      labels,
      stepSize: scalar(0.01),
      epsilon: scalar(0.03),
    }
    const input = (step: number): HostTree<PgdInput> =>
      ({ ...fixed, images: places[step % 2] }) as unknown as HostTree<PgdInput>
    const program = await executor.compile(attack, specsOf<PgdInput>(input(0)), { network: NETWORK, norm: 'linf' })
    let step = 0
    return {
      run: async () => {
        await program.run(input(step), new Map([['images', places[(step + 1) % 2] as HostArray]]))
        step += 1
      },
    }
  },
}
