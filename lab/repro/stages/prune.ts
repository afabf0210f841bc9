import { FIGURE_FACTS, figuresFrom } from '../../../contract/index.js'
import { doStep, entryOf, jobOf, keepFile } from '../step.js'
import type { ReproStage } from './names.js'
import type { ReproStageOf } from './stage.js'

/** Removes the units that did not converge, `models/fkhl3_cifar10_pruned.pty`, and draws the figures of the run. */
export const prune: ReproStageOf<ReproStage> = {
  needs: ['layer'],
  steps: () => [
    { key: 'prune', seconds: 2 },
    ...figuresFrom('run').map((figure) => ({ key: `figures/${figure}`, seconds: 10 })),
  ],
  run: async (context) => {
    const { folder, lab, listener, plan } = context
    const { output } = entryOf(context, 'layer')
    const id = jobOf(context, 'layer')
    const { output: pruned } = await doStep(context, {
      key: 'prune',
      label: 'Prune',
      inputs: { layer: output, mode: 'corrected' },
      isThere: async () => (await lab.call('run.get', { id })).record.pruning !== null,
      make: async () => {
        const pruning = await lab.call('prune.apply', { id, mode: 'corrected', cutoff: null })
        listener.line(
          `Prune: ${pruning.removedCount} of ${plan.layer.layer.hiddenUnits} units removed${pruning.cutoff === null ? '' : ` at a weight variance of ${pruning.cutoff.toPrecision(4)}`}`,
        )
        return {
          job: id,
          files: [
            await keepFile(
              context,
              `models/fkhl3_${plan.set}_pruned.pty`,
              await lab.call('run.readFile', { id, path: pruning.model }),
            ),
          ],
        }
      },
    })
    for (const figure of figuresFrom('run'))
      await doStep(context, {
        key: `figures/${figure}`,
        label: `Figure ${figure}`,
        inputs: { layer: output, pruned, probes: plan.layer.probes, ...plan.figures },
        make: async () => {
          const { formats, dpi } = plan.figures
          const files = await lab.call('figure.export', {
            figure,
            source: { kind: 'run', run: id },
            style: FIGURE_FACTS[figure].style,
            formats,
            folder: `${folder}/figures`,
            dpi,
          })
          return { job: id, files: files.map(({ fileName }) => `figures/${fileName}`) }
        },
      })
  },
}
