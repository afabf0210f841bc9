import { join } from 'node:path'
import { DATASETS, FIGURE_FACTS, type FigureContent, type FigureName, type FigureSpectraData } from '../../../contract/index.js'
import { assembleFigure1, assembleFigure4, assembleFigureA2, assembleSpectra } from '../../figures/assemble.js'
import { mapsOfAll, spectrumOf, sweepOfAll } from '../results.js'
import { REPRO_ATTACKS, SHOWN_MODELS, type ReproAttack } from '../plan.js'
import { doStep, entryOf, type ReplayContext } from '../step.js'
import type { ReproStage } from './index.js'
import { planeKey } from './plane.js'
import { SPECTRUM_INPUTS, spectrumKey, type SpectrumRow } from './spectra.js'
import type { ReproStageOf } from './stage.js'

/** Figures of results, in the paper's order; A1 is drawn with the pruning. */
type ResultFigure = Exclude<FigureName, 'A1'>
const RESULT_FIGURES = ['1', '2', '3', '4', 'A2'] as const satisfies readonly ResultFigure[]

const INITIAL_ROWS = ['Dataset', 'Initialized', 'KH'] as const satisfies readonly SpectrumRow[]

/** Steps whose results a figure shows. */
function sourcesOf(figure: ResultFigure): string[] {
  const swept = (attacks: readonly ReproAttack[]): string[] => attacks.flatMap((attack) => SHOWN_MODELS.map((model) => `robustness/${attack}/${model}`))
  const spectra = (rows: readonly SpectrumRow[]): string[] => rows.flatMap((row) => SPECTRUM_INPUTS.map((input) => spectrumKey(row, input)))
  return {
    '1': swept(REPRO_ATTACKS), '2': spectra(INITIAL_ROWS), '3': spectra(SHOWN_MODELS), '4': SHOWN_MODELS.map(planeKey),
    'A2': [...swept(['random', 'pgd']), ...SHOWN_MODELS.map((model) => `train/${model}`)],
  }[figure]
}

async function spectraOf(context: ReplayContext, rows: readonly SpectrumRow[]): Promise<FigureSpectraData> {
  const { label } = DATASETS[context.plan.layer.dataset.kind]
  const read = await Promise.all(rows.map(async (row) => ({ label: row, dataset: await spectrumOf(context, row, 'dataset'), noise: await spectrumOf(context, row, 'noise') })))
  return assembleSpectra(label, read)
}

/** What a figure is drawn from, out of the archive. */
async function contentOf(context: ReplayContext, figure: ResultFigure): Promise<FigureContent> {
  switch (figure) {
    case '1': return { figure, data: assembleFigure1(await Promise.all(REPRO_ATTACKS.map((attack) => sweepOfAll(context, attack)))) }
    case '2': return { figure, data: await spectraOf(context, INITIAL_ROWS) }
    case '3': return { figure, data: await spectraOf(context, SHOWN_MODELS) }
    case '4': return { figure, data: assembleFigure4(await mapsOfAll(context)) }
    case 'A2': return { figure, data: assembleFigureA2(await sweepOfAll(context, 'random'), await sweepOfAll(context, 'pgd')) }
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
        key: `figures/${figure}`, label: `Figure ${figure}`, inputs: { sources: sourcesOf(figure).map((key) => entryOf(context, key).output), ...plan.figures },
        make: async () => {
          const { formats, dpi } = plan.figures
          const name = `replay, ${plan.scale}: ${sourcesOf(figure).join(', ')}`
          const files = await lab.call('figure.export', { figure, source: { kind: 'data', name, content: await contentOf(context, figure) }, style: FIGURE_FACTS[figure].style, formats, folder: join(folder, 'figures'), dpi }, { signal })
          return { job: null, files: files.map(({ fileName }) => `figures/${fileName}`) }
        },
      })
    }
  },
}
