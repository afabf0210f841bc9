import { join } from 'node:path'
import { FIGURE_FACTS, FIGURE_NAMES, figureOf, type FigureName, type FigureResults } from '../../../contract/index.js'
import { SHOWN_MODELS } from '../plan.js'
import { doStep, entryOf, jobOf, type ReplayContext } from '../step.js'
import type { ReproStage } from './names.js'
import { REPLAYED_FIGURES } from '../replayedFigures.js'
import { planeKey, SPECTRUM_INPUTS, spectrumKey, type SpectrumRow } from '../keys.js'
import type { ReproStageOf } from './stage.js'

const ROWS = ['Dataset', 'Initialized', ...SHOWN_MODELS] as const satisfies readonly SpectrumRow[]

/** Figures of results that a replay makes all results for, in the paper's order; those of runs are drawn with the pruning. */
const RESULT_FIGURES = FIGURE_NAMES.filter(
  (figure) => REPLAYED_FIGURES.includes(figure) && FIGURE_FACTS[figure].source !== 'run',
)

/** Steps whose results a figure shows. */
function sourcesOf(figure: FigureName): string[] {
  const { inputs } = figureOf(figure)
  switch (inputs.kind) {
    case 'sweep':
      return [
        ...inputs.attacks.map((attack) => `robustness/${attack}`),
        ...(inputs.testAccuracy ? SHOWN_MODELS.map((model) => `train/${model}`) : []),
      ]
    case 'spectrum':
      return ROWS.filter(inputs.shows).flatMap((row) => SPECTRUM_INPUTS.map((input) => spectrumKey(row, input)))
    case 'plane':
      return SHOWN_MODELS.map(planeKey)
    case 'run':
      return []
  }
}

/** The archived results that a figure is put together from, by their ids; rows of spectra are called as the paper's are. */
function resultsOf(context: ReplayContext, figure: FigureName): FigureResults {
  const keys = sourcesOf(figure).filter((key) => !key.startsWith('train/'))
  const labelOf = (key: string): string | null =>
    FIGURE_FACTS[figure].source === 'spectrum' ? (key.split('/')[1] ?? null) : null
  return {
    kind: 'results',
    names: keys.map((key) => ({ name: jobOf(context, key), label: labelOf(key) })),
    windows: null,
    withPublished: false,
  }
}

/** Draws the figures of the paper from archived results: `figures/Figure1-AdversarialResults.eps` … */
export const figures: ReproStageOf<ReproStage> = {
  needs: ['robustness', 'spectra', 'plane'],
  steps: () => RESULT_FIGURES.map((figure) => ({ key: `figures/${figure}`, seconds: 1.5 })),
  run: async (context) => {
    const { folder, lab, plan, signal } = context
    for (const figure of RESULT_FIGURES) {
      await doStep(context, {
        key: `figures/${figure}`,
        label: `Figure ${figure}`,
        inputs: { sources: sourcesOf(figure).map((key) => entryOf(context, key).output), ...plan.figures },
        make: async () => {
          const { formats, dpi } = plan.figures
          const files = await lab.call(
            'figure.export',
            {
              figure,
              source: resultsOf(context, figure),
              style: FIGURE_FACTS[figure].style,
              formats,
              folder: join(folder, 'figures'),
              dpi,
            },
            { signal },
          )
          return { job: null, files: files.map(({ fileName }) => `figures/${fileName}`) }
        },
      })
    }
  },
}
