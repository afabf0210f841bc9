import { layerSeconds } from '../costs.js'
import { finishedRun, runIsThere } from '../runs.js'
import { doStep, keepFile } from '../step.js'
import type { ReproStage } from './names.js'
import type { ReproStageOf } from './stage.js'

/** Learns the layer: `models/fkhl3_cifar10.pty`, and the checkpoint of its last epoch. */
export const layer: ReproStageOf<ReproStage> = {
  needs: [],
  steps: ({ layer: spec }) => [{ key: 'layer', seconds: layerSeconds(spec) }],
  run: async (context) => {
    const { lab, listener, plan } = context
    listener.line(`Layer: ${plan.layer.layer.hiddenUnits} units, ${plan.layer.schedule.epochs} epochs on ${plan.note}`)
    await doStep(context, {
      key: 'layer',
      label: 'Layer',
      inputs: { spec: plan.layer },
      isThere: (job) => runIsThere(lab, job),
      make: async () => {
        const run = await finishedRun(context, plan.layer)
        if (run.verdict !== null) listener.line(run.verdict.text)
        const model = await lab.call('run.readFile', { id: run.id, path: 'model.pty' })
        const stem = `models/fkhl3_${plan.set}`
        return {
          job: run.id,
          files: [
            await keepFile(context, `${stem}.pty`, model),
            await keepFile(context, `${stem}_${run.epochs}.pty`, model),
          ],
        }
      },
    })
  },
}
