import type { Command } from 'commander'
import { resolve } from 'node:path'
import {
  FIGURE_COLOURS,
  FIGURE_FACTS,
  FIGURE_FORMATS,
  FIGURE_NAMES,
  figuresFrom,
  hasOwnColours,
  LabError,
  MOST_SHOWN_UNITS,
  orText,
  parseFigureFile,
  PUBLISHED_FIGURES,
  RESULT_KINDS,
  STYLE_NAMES,
  withPublishedValues,
  type FigureColours,
  type FigureFormat,
  type FigureName,
  type FigureSource,
  type ResultKind,
  type StyleName,
} from '../../contract/index.js'
import { readUserJson } from '../../lab/files/userFile.js'
import { runCommand } from '../command.js'
import type { LabCore } from '../../lab/core.js'
import { bytesText } from '../output.js'
import {
  addChangingOptions,
  commaList,
  integer,
  integerList,
  labelled,
  list,
  namesWithEquals,
  path,
  rankWindow,
  type CommonOptions,
} from './options.js'

interface FigureOptions extends CommonOptions, Record<ResultKind, string[]> {
  run?: string
  units?: number[]
  colours?: string
  window?: readonly [number, number]
  noiseWindow?: readonly [number, number]
  from?: string
  format: string[]
  out?: string
  force?: boolean
  style?: string
  dpi: number
  published?: boolean
}

function chosen<Name extends string>(values: readonly string[], allowed: readonly Name[], what: string): Name[] {
  return values.map((value) => {
    const found = allowed.find((name) => name.toLowerCase() === value.toLowerCase())
    if (found === undefined) throw new LabError('usage', `expected ${what}, one of ${allowed.join(', ')}, got ${value}`)
    return found
  })
}

/** Reads a file of a figure's data (docs/FILES.md). @throws LabError `file.unreadable`, `file.invalid`, `value.range` */
async function readData(path: string): Promise<FigureSource> {
  return { kind: 'data', name: path, content: parseFigureFile(await readUserJson(path)) }
}

const refusedPublished = (figure: FigureName): LabError =>
  new LabError('usage', `expected Figure ${orText(PUBLISHED_FIGURES)} with --published, got ${figure}`)

/** Figures of a kind of results, for the help: `(Figures 1, A2)`. */
function inFigures(names: readonly FigureName[]): string {
  return `(${names.length === 1 ? 'Figure' : 'Figures'} ${names.join(', ')})`
}

/** @throws LabError `usage` for a figure of which the paper's values are not known */
function withPublished(source: FigureSource, wanted: boolean): FigureSource {
  if (!wanted || source.kind !== 'data') return source
  const content = withPublishedValues(source.content)
  if (content === null) throw refusedPublished(source.content.figure)
  return { ...source, content }
}

/** Figures of a kind of results that show the paper's values or have its axis limits. */
const publishedOf = (source: ResultKind): FigureName[] =>
  figuresFrom(source).filter((name) => PUBLISHED_FIGURES.includes(name))

/** What a figure is drawn from, in words. */
const WAYS = {
  run: '--run RUN',
  sweep: '--sweep [LABEL=]SWEEP for each',
  spectrum: '--spectrum [LABEL=]SPECTRUM for each',
  plane: '--plane [LABEL=]PLANE',
} as const satisfies Record<(typeof FIGURE_FACTS)[FigureName]['source'], string>

/** Windows of fits: both or none. @throws LabError `usage` */
function windowsOf({
  window,
  noiseWindow,
}: FigureOptions): { dataset: [number, number]; noise: [number, number] } | null {
  if (window === undefined && noiseWindow === undefined) return null
  if (window === undefined || noiseWindow === undefined)
    throw new LabError(
      'usage',
      `expected --window and --noise-window together, got ${window === undefined ? '--noise-window' : '--window'} alone`,
    )
  return { dataset: [...window], noise: [...noiseWindow] }
}

/** The colours of models that `--colours` names. */
function coloursOf(name: string): FigureColours {
  const [colours = 'paper'] = chosen<FigureColours>([name], FIGURE_COLOURS, 'colours')
  return colours
}

async function sourceOf(lab: LabCore, figure: FigureName, options: FigureOptions): Promise<FigureSource> {
  const { run, units, from, published = false } = options
  const named = RESULT_KINDS.filter((kind) => options[kind].length > 0)
  const given = [
    ...(run === undefined ? [] : ['--run']),
    ...(from === undefined ? [] : ['--from']),
    ...named.map((kind) => `--${kind}`),
  ]
  const wanted = FIGURE_FACTS[figure].source
  if (given.length > 1) throw new LabError('usage', `expected one source, got ${given.join(' and ')}`)
  const windows = windowsOf(options)
  if (units !== undefined && run === undefined) throw new LabError('usage', 'expected --run together with --units')
  if (units !== undefined && (units.length === 0 || units.length > MOST_SHOWN_UNITS))
    throw new LabError('usage', `expected --units with 1 to ${MOST_SHOWN_UNITS} numbers, got ${units.length}`)
  if (windows !== null && !named.includes('spectrum'))
    throw new LabError('usage', 'expected --spectrum together with --window')
  if (from !== undefined) return withPublished(await readData(resolve(from)), published)
  const [kind] = named
  if (kind !== undefined && kind === wanted) {
    const known = await namesWithEquals(lab, options[kind])
    return {
      kind: 'results',
      names: options[kind].map((name) => labelled(name, known)),
      windows,
      withPublished: published,
      ...(options.colours === undefined ? {} : { colours: coloursOf(options.colours) }),
    }
  }
  if (run !== undefined && wanted === 'run' && !published)
    return { kind: 'run', run, ...(units === undefined ? {} : { units }) }
  if (run !== undefined && wanted === 'run') throw refusedPublished(figure)
  throw new LabError(
    'usage',
    `Figure ${figure} needs ${WAYS[wanted]}, or --from FILE.json${given.length === 0 ? '' : `, got ${given[0] ?? ''}`}`,
  )
}

/** `lab figure`. */
export function addFigureCommand(program: Command, exit: (code: number) => void): void {
  addChangingOptions(
    program.command('figure').description('draw a figure of the paper from archived results, a run or a data file'),
  )
    .argument('<name>', `figure: ${FIGURE_NAMES.join(', ')}`)
    .option('--run <id>', `run to draw ${inFigures(figuresFrom('run'))}`)
    .option(
      '--units <list>',
      `units in the mosaics of Figure A1, counted from 0, comma-separated, at most ${MOST_SHOWN_UNITS}; default: those of the paper, or 16 of a smaller layer`,
      integerList,
    )
    .option(
      '--sweep <[label=]sweep>',
      `robustness sweep by id, unique id prefix or name ${inFigures(figuresFrom('sweep'))}; repeat for further models and attacks`,
      list,
      [],
    )
    .option(
      '--spectrum <[label=]spectrum>',
      `spectrum by id, unique id prefix, or model name for its pair of data and noise spectra ${inFigures(figuresFrom('spectrum'))}; repeatable`,
      list,
      [],
    )
    .option(
      '--plane <[label=]plane>',
      `plane by id, unique id prefix, or name of its only model ${inFigures(figuresFrom('plane'))}; repeatable`,
      list,
      [],
    )
    .option('--window <ranks>', 'refit the data spectra over these ranks, such as 11:500', rankWindow)
    .option('--noise-window <ranks>', 'refit the noise spectra over these ranks, such as 11:100', rankWindow)
    .option('--from <file>', 'figure data as a JSON file, as saved next to every export', path)
    .option(
      '--published',
      `add the published values ${inFigures(publishedOf('sweep'))} or use the published axis limits ${inFigures(publishedOf('spectrum'))}`,
    )
    .option('--format <list>', `formats, comma-separated: ${FIGURE_FORMATS.join(', ')}`, commaList, ['eps', 'png'])
    .option('--out <folder>', 'output folder; default: that of the run or the archive', path)
    .option('--style <name>', `style sheet: ${STYLE_NAMES.join(', ')}; default: the published one`)
    .option(
      '--colours <name>',
      `colours of the models ${inFigures(FIGURE_NAMES.filter(hasOwnColours))}: workbench (as in the window) or paper; default: paper`,
    )
    .option('--force', 'overwrite existing files that the workbench did not write')
    .option('--dpi <number>', 'resolution of PNG files', integer, 300)
    .action(async (name: string, options: FigureOptions) => {
      exit(
        await runCommand({ ...options, readOnly: options.out !== undefined }, async ({ lab, output }) => {
          const [figure] = chosen<FigureName>([name.replace(/^figure\s*/i, '')], FIGURE_NAMES, 'a figure')
          const formats = chosen<FigureFormat>(options.format, FIGURE_FORMATS, 'a format')
          if (figure === undefined || formats.length === 0) throw new LabError('usage', 'expected at least one format')
          const [style = FIGURE_FACTS[figure].style] = chosen<StyleName>(
            options.style === undefined ? [] : [options.style],
            STYLE_NAMES,
            'a style sheet',
          )
          const files = await lab.call('figure.export', {
            figure,
            source: await sourceOf(lab, figure, options),
            style,
            formats,
            folder: options.out === undefined ? null : resolve(options.out),
            dpi: options.dpi,
            overwrite: options.force === true,
          })
          const findings = files[0]?.findings ?? []
          for (const { level, text, detail, value } of findings)
            output.line(`${level === 'fail' ? 'warning' : 'note'}: ${text} (${value}). ${detail}`.trimEnd())
          for (const file of files) output.line(`${file.path} (${bytesText(file.bytes)})`)
          return { files, findings }
        }),
      )
    })
}
