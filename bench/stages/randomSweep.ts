import { openNoiseAhead } from '../../lab/compute/noiseAhead.js'
import { gridSizes } from '../../engine/probes/robustness/sizes.js'
import { robustnessSweep } from '../../engine/probes/robustness/sweep.js'
import { attacked } from './attacked.js'
import type { Stage } from './stage.js'

/** A batch under noise of the paper's 400 sizes: accuracy at each, critical sizes and norms. */
export const randomSweep: Stage = {
  operations: () => null,
  stretch: 1,
  prepare: async (sizes, executor) => {
    const { subject, baseline, note } = await attacked(sizes, executor)
    const epsilons = gridSizes({ from: 1e-6, to: 10 ** Math.log(2.5), count: 400, spacing: 'log' })
    const options = {
      subject,
      baseline,
      attack: { kind: 'random' },
      epsilons,
      seed: 0,
      batchSize: sizes.batch,
      criticalOnly: false,
      state: null,
      openNoise: openNoiseAhead(new URL('../../lab/compute/noiseThread.mjs', import.meta.url)).open,
    } as const
    return {
      note,
      run: async () => {
        for await (const state of robustnessSweep(options))
          if (state.imagesDone > baseline.keptIndices.length) throw new Error('more images than there are')
      },
    }
  },
}
