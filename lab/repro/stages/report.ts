import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FIGURE_FACTS } from '../../../contract/index.js'
import { REPRO_ATTACKS, REPRO_MODELS, SHOWN_MODELS } from '../plan.js'
import { REPLAYED_FIGURES } from '../replayedFigures.js'
import { gatherReport } from '../report/gather.js'
import { reportPage, type ReportFigure } from '../report/page.js'
import { doStep, entryOf, keepFile, keepJson, type ReplayContext } from '../step.js'
import type { ReproStage } from './names.js'
import { planeKey } from '../keys.js'
import type { ReproStageOf } from './stage.js'

/** Everything that the report shows. */
const SOURCES = [
  'layer',
  'prune',
  ...REPRO_MODELS.map((model) => `train/${model}`),
  ...REPRO_ATTACKS.map((attack) => `robustness/${attack}`),
  'spectra',
  ...SHOWN_MODELS.map(planeKey),
  ...REPLAYED_FIGURES.map((figure) => `figures/${figure}`),
]

/** The figures as they were drawn; the plan has PNG among its formats. */
function figuresOf({ folder }: ReplayContext): Promise<ReportFigure[]> {
  return Promise.all(
    REPLAYED_FIGURES.map(async (name) => {
      const { label, text, fileStem } = FIGURE_FACTS[name]
      return { label, text, png: new Uint8Array(await readFile(join(folder, 'figures', `${fileStem}.png`))) }
    }),
  )
}

/** Sets every published number beside ours: `report.json` and `report.html`. */
export const report: ReproStageOf<ReproStage> = {
  needs: ['figures'],
  steps: () => [{ key: 'report', seconds: 2 }],
  run: async (context) => {
    const { listener, plan } = context
    await doStep(context, {
      key: 'report',
      label: 'Report',
      inputs: {
        scale: plan.scale,
        seed: plan.seed,
        set: plan.set,
        note: plan.note,
        sources: SOURCES.map((key) => entryOf(context, key).output),
      },
      make: async () => {
        const reported = await gatherReport(context)
        for (const { text, holds, detail } of reported.claims)
          listener.line(`${holds === null ? 'open' : holds ? 'yes' : 'no'}: ${text} (${detail})`)
        const banded = reported.counts.inside + reported.counts.outside
        listener.line(
          banded === 0
            ? 'no result has a tolerance at this scale'
            : `${reported.counts.inside} of ${banded} results are within tolerance`,
        )
        const page = new TextEncoder().encode(reportPage(reported, await figuresOf(context)))
        return {
          job: null,
          files: [await keepJson(context, 'report.json', reported), await keepFile(context, 'report.html', page)],
        }
      },
    })
  },
}
