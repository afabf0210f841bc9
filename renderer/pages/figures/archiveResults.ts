import {
  attackOf,
  attacksOf,
  DATASETS,
  FIGURE_FACTS,
  figureOf,
  paperLabelOf,
  withoutModelEnding,
  type FigureInputs,
  type FigureName,
  type ModelEntry,
  type PlaneSummary,
  type ResultName,
  type SpectrumSummary,
  type SweepRecord,
} from '../../../contract/index.js'
import { servesFigure } from '../robustness/sweepFigures.js'
import { planeWords } from '../plane/planeSetup.js'
import { paperLabel } from '../spectra/spectraSetup.js'

/** Archived results for figures of several models, newest first. */
export interface ArchivedResults {
  sweeps: readonly SweepRecord[]
  spectra: readonly SpectrumSummary[]
  planes: readonly PlaneSummary[]
  models: readonly ModelEntry[]
}

/** A result that can be selected for a figure. */
export interface ChoosableResult {
  id: string
  title: string
  detail: string
  createdAt: string
  /** As the lab is asked for it. */
  name: ResultName
}

const LABEL_MOST = 60
const labelsOf = ({ models }: SweepRecord): string[] => [...new Set(models.map(({ label }) => label))]
const isNoise = ({ request }: SpectrumSummary): boolean => request.dataset.kind === 'gaussianNoise'

/** What a spectrum's row is called: as the paper does where the model bears its name, else by the model's own. */
function rowLabel({ request: { model } }: SpectrumSummary, models: readonly ModelEntry[]): string {
  if (model === null) return 'Dataset'
  const entry = models.find(({ name }) => name === model)
  // A model that was given as a file, or was removed.
  const stem = withoutModelEnding(model.replace(/^.*[/\\]/, ''))
  return (entry === undefined ? (paperLabelOf(stem) ?? stem) : (paperLabel(entry) ?? entry.label)).slice(0, LABEL_MOST)
}

const sweepsFor = (figure: FigureName, { sweeps }: ArchivedResults): SweepRecord[] =>
  sweeps.filter((sweep) => attacksOf(figure).includes(sweep.request.attack.kind) && servesFigure(figure, sweep))

/** Results of the kind that a figure is made of, newest first. */
export function choosableResults(figure: FigureName, archive: ArchivedResults): ChoosableResult[] {
  switch (FIGURE_FACTS[figure].source) {
    case 'sweep':
      return sweepsFor(figure, archive).map((sweep) => ({
        id: sweep.id,
        title: `${attackOf(sweep.request.attack.kind).label}: ${labelsOf(sweep).join(', ')}`,
        detail: `${sweep.request.name}, ${DATASETS[sweep.dataset.kind].label}`,
        createdAt: sweep.createdAt,
        name: { name: sweep.id, label: null },
      }))
    case 'spectrum':
      return archive.spectra.map((spectrum) => {
        const label = rowLabel(spectrum, archive.models)
        const { source, window } = spectrum.request
        return {
          id: spectrum.id,
          title: `${label}, ${isNoise(spectrum) ? 'noise' : DATASETS[spectrum.request.dataset.kind].label}`,
          detail: `${source === 'data' ? 'images' : source}, ${spectrum.width} ranks, fit ${window.join(' to ')}`,
          createdAt: spectrum.origin.createdAt,
          name: { name: spectrum.id, label },
        }
      })
    case 'plane':
      return archive.planes.map((plane) => ({
        id: plane.id,
        title: plane.request.models.map(({ label }) => label).join(', '),
        detail: `${planeWords(plane.request)}, ${plane.size} × ${plane.size}`,
        createdAt: plane.origin.createdAt,
        name: { name: plane.id, label: null },
      }))
    case 'run':
      return []
  }
}

const identity = ({ models, dataset, split }: SweepRecord): string =>
  JSON.stringify([models.map(({ label, hash }) => [label, hash]).sort(), dataset, split])

/** The newest sweeps of the same models under every attack of the figure; sweeps of a single model are combined with those of other models on the same images. */
function newestSweeps(figure: FigureName, archive: ArchivedResults): string[] {
  const fitting = sweepsFor(figure, archive)
  const complete = [...new Set(fitting.map(identity))].flatMap((key) => {
    const own = attacksOf(figure).map((kind) =>
      fitting.find((sweep) => identity(sweep) === key && sweep.request.attack.kind === kind),
    )
    const found = own.filter((sweep) => sweep !== undefined)
    return found.length === own.length ? [found] : []
  })
  const [first, ...others] = complete
  const [lead] = first ?? []
  if (first === undefined || lead === undefined) return []
  const sets = [first]
  for (const set of labelsOf(lead).length > 1 ? [] : others) {
    const [one] = set
    const alike = set.every(
      (sweep, index) =>
        JSON.stringify([sweep.request.attack, sweep.dataset, sweep.split]) ===
        JSON.stringify([first[index]?.request.attack, lead.dataset, lead.split]),
    )
    if (
      one !== undefined &&
      alike &&
      labelsOf(one).length === 1 &&
      sets.every(([known]) => known === undefined || !labelsOf(known).includes(labelsOf(one)[0] ?? ''))
    )
      sets.push(set)
  }
  return sets.flat().map(({ id }) => id)
}

const MOST_ROWS = 12

/** The newest spectrum over data of every model, with the newest over noise of the same; all over one dataset and of one layer. */
function newestSpectra(shows: (label: string) => boolean, { spectra, models }: ArchivedResults): string[] {
  const shown = spectra.filter((spectrum) => shows(rowLabel(spectrum, models)))
  const pairs = shown
    .filter((spectrum) => !isNoise(spectrum))
    .flatMap((data) => {
      const noise = shown.find(
        (other) =>
          isNoise(other) &&
          other.model?.hash === data.model?.hash &&
          other.request.source === data.request.source &&
          rowLabel(other, models) === rowLabel(data, models),
      )
      return noise === undefined ? [] : [{ label: rowLabel(data, models), data, noise }]
    })
  const lead = pairs.find(({ data }) => data.model !== null) ?? pairs[0]
  if (lead === undefined) return []
  const alike = pairs.filter(
    ({ data }) =>
      data.request.dataset.kind === lead.data.request.dataset.kind &&
      (data.model === null || data.request.source === lead.data.request.source),
  )
  return alike
    .filter(({ label }, index) => alike.findIndex((other) => other.label === label) === index)
    .slice(0, MOST_ROWS)
    .flatMap(({ data, noise }) => [data.id, noise.id])
}

/** The newest plane; one of a single model with those of other models on the same plane. */
function newestPlanes({ planes }: ArchivedResults): string[] {
  const [first] = planes
  if (first === undefined || first.request.models.length > 1) return first === undefined ? [] : [first.id]
  const place = ({ request }: PlaneSummary): string =>
    JSON.stringify({ ...request, models: null, executor: null, ticket: null })
  const alike = planes.filter((plane) => plane.request.models.length === 1 && place(plane) === place(first))
  return alike
    .filter(
      (plane, index) =>
        alike.findIndex(({ request }) => request.models[0]?.label === plane.request.models[0]?.label) === index,
    )
    .map(({ id }) => id)
}

/** Ids of the newest results that make a figure; none where the archive has no such set. */
export function newestResults(figure: FigureName, archive: ArchivedResults): string[] {
  const { inputs } = figureOf(figure)
  switch (inputs.kind) {
    case 'sweep':
      return newestSweeps(figure, archive)
    case 'spectrum':
      return newestSpectra(inputs.shows, archive)
    case 'plane':
      return newestPlanes(archive)
    case 'run':
      return []
  }
}

/** What a figure is made of, in words. */
export const RESULT_WORDS = {
  sweep: 'sweeps',
  spectrum: 'spectra',
  plane: 'planes',
  run: 'runs',
} as const satisfies Record<FigureInputs['kind'], string>
