import {
  attackOf,
  FIGURE_FACTS,
  LabError,
  orText,
  PUBLISHED_FIGURES,
  withPublishedValues,
  type FigureContent,
  type FigureName,
  type FigureResults,
  type FigureRun,
  type PreflightFinding,
  type ResultName,
  type ResultOrigin,
} from '../../contract/index.js'
import type { LabContext } from '../context.js'
import { alignSweeps } from './alignSweeps.js'
import { assemblyOf, contentOf } from './code.js'
import { joinPlanes } from './joinPlanes.js'
import { pairSpectra } from './pairSpectra.js'
import { readPlane, readSpectra, readSweep } from './readResults.js'
import type { SweepResult } from './results.js'
import { withWorkbenchLooks } from './workbenchLooks.js'

/** A figure's data out of the archive, and where they come from. */
export interface GatheredResults {
  content: FigureContent
  results: ResultOrigin[]
  /** Runs among the models. */
  runs: string[]
  seeds: number[]
  /** What a reader of the figure should know. */
  findings: PreflightFinding[]
}

interface Put {
  content: FigureContent
  results: ResultOrigin[]
  leftOut?: readonly string[]
  absent?: readonly string[]
  warnings?: readonly PreflightFinding[]
}

/** One after the other: they share one thread, and one signal allows only a few listeners. */
async function each<Result>(
  names: readonly ResultName[],
  read: (name: ResultName) => Promise<Result>,
): Promise<Result[]> {
  const found: Result[] = []
  for (const name of names) found.push(await read(name))
  return found
}

async function putTogether(
  context: LabContext,
  figure: FigureName,
  { names, windows }: FigureResults,
  signal: AbortSignal,
): Promise<Put> {
  const runs = await context.archive.list()
  switch (FIGURE_FACTS[figure].source) {
    case 'sweep': {
      const sweeps = await each(names, (name) => readSweep(context, runs, name, signal))
      const aligned = alignSweeps(figure, sweeps)
      return {
        content: contentOf(figure, assemblyOf(figure, 'sweep')(aligned)),
        results: sweeps.map(({ origin }) => origin),
        leftOut: aligned.leftOut,
        absent: aligned.absent,
        warnings: sweeps.flatMap(attackFindings),
      }
    }
    case 'spectrum': {
      const spectra = (await each(names, (name) => readSpectra(context, runs, name, windows, signal))).flat()
      return {
        content: contentOf(figure, assemblyOf(figure, 'spectrum')(pairSpectra(figure, spectra))),
        results: spectra.map(({ origin }) => origin),
      }
    }
    case 'plane': {
      const planes = await each(names, (name) => readPlane(context, runs, name))
      return {
        content: contentOf(figure, assemblyOf(figure, 'plane')(joinPlanes(planes))),
        results: planes.map(({ origin }) => origin),
      }
    }
    case 'run':
      throw new LabError('value.range', `Figure ${figure} shows one run, not results of several models; choose a run`)
  }
}

const attackFindings = ({ origin: { id }, attack, warnings = [] }: SweepResult): PreflightFinding[] =>
  warnings.map((detail) => ({
    level: 'advice',
    text: `The attack cannot reach the largest ε: ${attackOf(attack.kind).figureRow}`,
    detail,
    value: id,
  }))

const leftOutFinding = (labels: readonly string[]): PreflightFinding[] =>
  labels.length === 0
    ? []
    : [
        {
          level: 'advice',
          text: `Not all attacks include ${labels.join(', ')}`,
          detail: 'Models that are missing from an attack are left out.',
          value: `${labels.length} left out`,
        },
      ]
const absentFinding = (attacks: readonly string[]): PreflightFinding[] =>
  attacks.length === 0
    ? []
    : [
        {
          level: 'advice',
          text: `No sweep of ${attacks.join(' and ')}`,
          detail: 'The published figure also shows these attacks.',
          value: `${attacks.length} not shown`,
        },
      ]

/**
 * Puts a figure of several models together from results of the archive.
 *
 * @throws LabError `probe.missing` for a name that no result has, `figure.results` where they do not make the figure, `value.range` for windows or published values where there are none
 */
export async function gatherResults(
  context: LabContext,
  figure: FigureName,
  source: FigureResults,
  signal: AbortSignal,
): Promise<GatheredResults> {
  if (source.windows !== null && FIGURE_FACTS[figure].source !== 'spectrum')
    throw new LabError('value.range', `expected no fit windows for Figure ${figure}, which shows no spectra`)
  const {
    content: gathered,
    results,
    leftOut = [],
    absent = [],
    warnings = [],
  } = await putTogether(context, figure, source, signal)
  const content = source.colours === 'workbench' ? await withWorkbenchLooks(context, gathered, results) : gathered
  const shown = source.withPublished ? withPublishedValues(content) : content
  if (shown === null)
    throw new LabError(
      'value.range',
      `expected Figure ${orText(PUBLISHED_FIGURES)} with published values, got Figure ${figure}`,
    )
  const models = results.flatMap((result) => result.models.map(({ model }) => model.replace(/\/pruned$/, '')))
  return {
    content: shown,
    results,
    runs: [...new Set(models.filter((model) => /^r-[0-9a-f]{4,32}$/.test(model)))],
    seeds: [...new Set(results.flatMap(({ seeds }) => seeds))],
    findings: [...leftOutFinding(leftOut), ...absentFinding(absent), ...warnings],
  }
}

/**
 * Puts a figure of one run together.
 *
 * @throws LabError `value.range` for a figure of several models
 */
export async function gatherRun(
  context: LabContext,
  figure: FigureName,
  source: FigureRun,
  signal: AbortSignal,
): Promise<Pick<GatheredResults, 'content' | 'runs' | 'seeds'>> {
  if (FIGURE_FACTS[figure].source !== 'run')
    throw new LabError(
      'value.range',
      `Figure ${figure} shows several models, but a run has only one; choose results of the archive, or open figure data`,
      { figure },
    )
  const { data, seed } = await assemblyOf(figure, 'run')(context, source, signal)
  return { content: contentOf(figure, data), runs: [source.run], seeds: [seed] }
}
