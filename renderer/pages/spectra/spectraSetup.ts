import {
  DATASETS,
  defaultWindow,
  LOOK_SLOTS,
  noiseOfShape,
  PAPER_MODELS,
  paperLabelOf,
  SPECTRUM_SCOPES,
  wholeSet,
  type DatasetKind,
  type DatasetSpec,
  type Look,
  type MeasuredRequest,
  type ModelEntry,
  type RankWindow,
  type RunId,
  type SpectrumRequest,
  type SpectrumScope,
  type SpectrumSummary,
} from '../../../contract/index.js'
import { shortNames } from '../../format/index.js'
import { generatedOptions, shellWord } from '../../form/commandLine.js'

/** The two scopes: images of a set, and Gaussian noise ξ(t). */
export const SCOPES = SPECTRUM_SCOPES
export type ScopeName = SpectrumScope
export type Window = RankWindow
/** Numbers of units of the paper's figures; every model adds its own. */
export const PAPER_UNITS: readonly number[] = [10, 50, 100, 500, 1000, 1500, 2000]

/** What is to be measured. */
export interface SpectraSetup {
  /** Names of models, in the order chosen. */
  models: readonly string[]
  /** Whether the spectrum of the raw images is included. */
  data: boolean
  source: 'hidden' | 'latent' | 'logits'
  kind: DatasetKind
  /** Null: all. */
  images: number | null
  /** Growing numbers of units, rising; empty: all units alone. */
  units: readonly number[]
  /** Resamples of the images; 0: no band. */
  resamples: number
  /** Shufflings of the columns; 0: no null. */
  shuffles: number
  crossValidation: boolean
  /** Of the noise and of every random number. */
  seed: number
}

export const FIRST_SETUP: SpectraSetup = {
  models: [],
  data: false,
  source: 'hidden',
  kind: 'cifar10',
  images: null,
  units: [],
  resamples: 0,
  shuffles: 0,
  crossValidation: false,
  seed: 0,
}
const LEVEL = 0.95
const REPEATS = { shift: 2, mirror: true, noise: 0 } as const
export const MAP_SIZE = 20

/** A line of the table: a model, or the data. */
export interface SpectraRow {
  /** Name of the model; empty for the data. */
  key: string
  model: string | null
  /** Of which it is the model; null for an imported one and for the data. */
  run: RunId | null
  label: string
  /** Label at the end of its line. */
  short: string
  /** Colour and dash. */
  slot: number
  /** Its label in Figures 2 and 3; null for a model that the paper does not have. */
  paper: string | null
  /** Columns of its covariance; null when not known. */
  width: number | null
}

const MODEL_ORDER: readonly string[] = PAPER_MODELS
/** Models that an unopened page shows at most. */
const FIRST_MODELS = 6
const SHORT = 18

const entriesOf = (kind: DatasetKind): number =>
  DATASETS[kind].shape.reduce<number>((product, size) => product * size, 1)

/** The paper's label of a model for images of the paper's size, recognised by its name. */
export function paperLabel({ label, facts }: ModelEntry): string | null {
  return facts !== null && facts.inputSize !== entriesOf('cifar10') ? null : paperLabelOf(label)
}

/** Looks of the page: of models by name, and of the images themselves. */
export interface SpectraLooks {
  models: ReadonlyMap<string, Look>
  data: Look
}
const NO_LOOKS: SpectraLooks = { models: new Map(), data: LOOK_SLOTS - 1 }

/** The lines of the table. */
export function spectraRows(
  setup: SpectraSetup,
  entries: readonly ModelEntry[],
  looks: SpectraLooks = NO_LOOKS,
): SpectraRow[] {
  const chosen = chosenEntries(setup, entries)
  const data: SpectraRow[] = setup.data
    ? [
        {
          key: '',
          model: null,
          run: null,
          label: 'Raw data',
          short: 'Data',
          slot: looks.data,
          paper: 'Dataset',
          width: entriesOf(setup.kind),
        },
      ]
    : []
  const short = shortNames(
    chosen.map(({ label }) => label),
    SHORT,
  )
  return [
    ...data,
    ...chosen.map((entry): SpectraRow => {
      const { name, label, facts } = entry
      const paper = paperLabel(entry)
      const alike = chosen.some((other) => other.name !== name && other.label === label)
      const twins = paper !== null && chosen.some((other) => other.name !== name && paperLabel(other) === paper)
      const width =
        facts === null
          ? null
          : setup.source === 'logits'
            ? 'classes' in facts
              ? facts.classes
              : null
            : facts.hiddenUnits
      return {
        key: name,
        model: name,
        run: entry.run,
        label: alike ? `${label}, ${name}` : label,
        short: paper !== null && !twins ? paper : alike ? name : (short.get(label) ?? label),
        slot: looks.models.get(name) ?? 0,
        paper,
        width,
      }
    }),
  ]
}

/** The chosen models, in the order chosen. */
export const chosenEntries = (setup: SpectraSetup, entries: readonly ModelEntry[]): ModelEntry[] =>
  setup.models.flatMap((name) => entries.find((entry) => entry.name === name) ?? [])

function datasetOf({ kind, seed }: SpectraSetup, scope: ScopeName): DatasetSpec {
  // Noise in the shape of the images beside it.
  return scope === 'noise' ? noiseOfShape(wholeSet('gaussianNoise', seed), DATASETS[kind].shape) : wholeSet(kind)
}

/** The request for one row and pane. */
export function requestOf(
  setup: SpectraSetup,
  { model, width }: SpectraRow,
  scope: ScopeName,
  window: Window,
): MeasuredRequest {
  const source = model === null ? 'data' : setup.source
  const growing =
    source === 'logits' || setup.units.length === 0 || width === null
      ? null
      : [...setup.units.filter((units) => units < width), width]
  return {
    model,
    source,
    dataset: datasetOf(setup, scope),
    split: 'test',
    imageNorm: null,
    executor: 'auto',
    images: setup.images,
    units: growing,
    window: [window[0], window[1]],
    mapSize: 0,
    resamples: setup.resamples,
    level: LEVEL,
    shuffles: setup.shuffles,
    crossValidation: setup.crossValidation ? { ...REPEATS } : null,
    seed: setup.seed,
  }
}

/**
 * The setup that the newest measurement of the archive was made with, and the models that were measured in the same way, the paper's
 * first: what a page shows that was never opened before.
 *
 * @param stored - newest first
 * @returns null where nothing fits the page
 */
export function setupOfStored(stored: readonly SpectrumSummary[], entries: readonly ModelEntry[]): SpectraSetup | null {
  const setupOf = ({ request, width }: SpectrumSummary): SpectraSetup | null => {
    const {
      dataset: { kind },
      source,
      images,
      units,
      resamples,
      shuffles,
      crossValidation,
      seed,
    } = request
    if (kind === 'gaussianNoise' || source === 'data') return null
    return {
      ...FIRST_SETUP,
      source,
      kind,
      images,
      units: units?.filter((count) => count < width) ?? [],
      resamples,
      shuffles,
      crossValidation: crossValidation !== null,
      seed,
    }
  }
  const first = stored.find(
    (summary) => setupOf(summary) !== null && entries.some(({ name }) => name === summary.request.model),
  )
  const setup = first === undefined ? null : setupOf(first)
  if (setup === null) return null
  const alike = (summary: SpectrumSummary): boolean =>
    JSON.stringify({ ...setupOf(summary), units: null }) === JSON.stringify({ ...setup, units: null })
  const measured = new Set(stored.filter(alike).map(({ request }) => request.model))
  const order = (entry: ModelEntry): number => {
    const place = MODEL_ORDER.indexOf(paperLabel(entry) ?? '')
    return place < 0 ? FIRST_MODELS : place
  }
  const models = entries
    .filter(({ name }) => measured.has(name))
    .sort((a, b) => order(a) - order(b))
    .slice(0, FIRST_MODELS)
    .map(({ name }) => name)
  return { ...setup, models }
}

/** Whether something of a measurement was fitted with its window, so that another window is another measurement. */
export const dependsOnWindow = ({ resamples, crossValidation }: SpectrumRequest): boolean =>
  resamples > 0 || crossValidation !== null

/** What two requests have in common that differ in nothing but their window. */
export const exceptWindow = (request: SpectrumRequest): string => JSON.stringify({ ...request, window: null })

export const sameWindow = (a: Window, b: Window): boolean => a[0] === b[0] && a[1] === b[1]

/**
 * The window of a scope as long as nobody has moved it: the one that the runs of all chosen models fit with, else the default one for
 * the smallest spectrum.
 *
 * @param runWindows - of the runs that are known
 */
export function openingWindow(
  scope: ScopeName,
  rows: readonly SpectraRow[],
  { source, images }: SpectraSetup,
  runWindows: ReadonlyMap<RunId, Window>,
): Window {
  const ranks = Math.min(...rows.map(({ width }) => width ?? Infinity), images === null ? Infinity : images - 1)
  const own = rows.map(({ run }) => (run === null ? null : (runWindows.get(run) ?? null)))
  const [first = null] = own
  const shared =
    scope === 'dataset' &&
    source === 'hidden' &&
    first !== null &&
    own.every((window) => window !== null && sameWindow(window, first)) &&
    Math.min(first[1], ranks) >= first[0] + 2
  return shared ? [first[0], Math.min(first[1], ranks)] : defaultWindow(scope, Number.isFinite(ranks) ? ranks : null)
}

/** The same from a terminal. */
export function spectrumCommand({
  model,
  source,
  dataset,
  images,
  units,
  window,
  resamples,
  shuffles,
  crossValidation,
  seed,
}: MeasuredRequest): string {
  return [
    'lab spectrum',
    ...(model === null ? [] : [`--model ${shellWord(model)}`]),
    `--source ${source}`,
    `--dataset ${dataset.kind}`,
    `--window ${window.join(':')}`,
    ...(images === null ? [] : [`--images ${images}`]),
    ...(units === null ? [] : [`--units ${units.join(',')}`]),
    `--map ${MAP_SIZE}`,
    ...(resamples > 0 ? [`--bootstrap ${resamples}`] : []),
    ...(shuffles > 0 ? [`--shuffles ${shuffles}`] : []),
    ...(crossValidation === null
      ? []
      : [`--cross-validation --shift ${crossValidation.shift}${crossValidation.mirror ? ' --mirror' : ''}`]),
    ...(seed === 0 ? [] : [`--seed ${seed}`]),
    ...generatedOptions(dataset),
    ...('shape' in dataset && dataset.shape !== undefined ? [`--shape ${dataset.shape.join('x')}`] : []),
  ].join(' ')
}
