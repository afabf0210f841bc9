import { join } from 'node:path'
import { FIGURE_FACTS, type FigureName, type FigureResults } from '../../../contract/index.js'
import { REPRO_ATTACKS, SHOWN_MODELS, type ReproAttack } from '../plan.js'
import { doStep, entryOf, jobOf, type ReplayContext } from '../step.js'
import type { ReproStage } from './names.js'
import { planeKey, SPECTRUM_INPUTS, spectrumKey, type SpectrumRow } from '../keys.js'
import type { ReproStageOf } from './stage.js'

/** Figures of results, in the paper's order; A1 is drawn with the pruning. */
type ResultFigure = Exclude<FigureName, 'A1'>
const RESULT_FIGURES = ['1', '2', '3', '4', 'A2'] as const satisfies readonly ResultFigure[]

const INITIAL_ROWS = ['Dataset', 'Initialized', 'KH'] as const satisfies readonly SpectrumRow[]

/** Steps whose results a figure shows. */
function sourcesOf(figure: ResultFigure): string[] {
  const swept = (attacks: readonly ReproAttack[]): string[] => attacks.map((attack) => `robustness/${attack}`)
  const spectra = (rows: readonly SpectrumRow[]): string[] =>
    rows.flatMap((row) => SPECTRUM_INPUTS.map((input) => spectrumKey(row, input)))
  return {
    '1': swept(REPRO_ATTACKS),
    '2': spectra(INITIAL_ROWS),
    '3': spectra(SHOWN_MODELS),
    '4': SHOWN_MODELS.map(planeKey),
    A2: [...swept(['random', 'pgd']), ...SHOWN_MODELS.map((model) => `train/${model}`)],
  }[figure]
}

/** The archived results that a figure is put together from, by their ids; rows of spectra are called as the paper's are. */
function resultsOf(context: ReplayContext, figure: ResultFigure): FigureResults {
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
