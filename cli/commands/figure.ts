import type { Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  FIGURE_FACTS, FIGURE_FORMATS, FIGURE_NAMES, LabError, parseFigureFile, STYLE_NAMES, withPublishedValues, type FigureFormat, type FigureName, type FigureSource, type StyleName,
} from '../../contract/index.js'
import { runCommand } from '../command.js'
import { bytesText } from '../output.js'
import { addCommonOptions, commaList, integer, type CommonOptions } from './options.js'

interface FigureOptions extends CommonOptions {
  run?: string
  from?: string
  format: string[]
  out?: string
  style?: string
  dpi: number
  published?: boolean
}

function chosen<Name extends string>(values: readonly string[], allowed: readonly Name[], what: string): Name[] {
  return values.map((value) => {
    const found = allowed.find((name) => name.toLowerCase() === value.toLowerCase())
    if (found === undefined) throw new LabError('usage', `expected ${what} among ${allowed.join(', ')}, got ${value}`)
    return found
  })
}

/** Reads a file of a figure's data (docs/FILES.md). @throws LabError `file.unreadable`, `value.range` */
async function readData(path: string): Promise<FigureSource> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new LabError('file.unreadable', `${path}: ${error instanceof Error ? error.message : String(error)}`, { path }, error)
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new LabError('value.range', `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { path }, error)
  }
  return { kind: 'data', name: path, content: parseFigureFile(value) }
}

/** @throws LabError `usage` for a figure of which the paper's values are not known */
function withPublished(source: FigureSource, wanted: boolean): FigureSource {
  if (!wanted || source.kind !== 'data') return source
  const content = withPublishedValues(source.content)
  if (content === null) throw new LabError('usage', `expected Figure 1 or A2 with --published, got ${source.content.figure}`)
  return { ...source, content }
}

async function sourceOf(figure: FigureName, { run, from, published }: FigureOptions): Promise<FigureSource> {
  if (published === true && from === undefined) throw new LabError('usage', 'expected --from with --published')
  if (run !== undefined && from !== undefined) throw new LabError('usage', 'expected --run or --from, got both')
  if (from !== undefined) return withPublished(await readData(resolve(from)), published === true)
  if (run !== undefined) return { kind: 'run', run }
  throw new LabError('usage', FIGURE_FACTS[figure].source === 'run' ? `Figure ${figure} is drawn from --run RUN or --from FILE.json` : `Figure ${figure} is drawn from --from FILE.json`)
}

/** `lab figure`. */
export function addFigureCommand(program: Command, exit: (code: number) => void): void {
  addCommonOptions(program.command('figure').description('draw a figure of the paper from an archived run or from a file of data'))
    .argument('<name>', `figure: ${FIGURE_NAMES.join(', ')}`)
    .option('--run <id>', 'run to draw from (Figure A1)')
    .option('--from <file>', 'JSON file of the figure\'s data, as every export leaves one beside it')
    .option('--published', 'draw the paper\'s values beside ours (Figures 1 and A2)')
    .option('--format <list>', `formats, comma-separated: ${FIGURE_FORMATS.join(', ')}`, commaList, ['eps', 'png'])
    .option('--out <folder>', 'folder for the files; the run\'s own, or the archive\'s, when absent')
    .option('--style <name>', `style sheet: ${STYLE_NAMES.join(', ')}; the published one when absent`)
    .option('--dpi <number>', 'resolution of PNG', integer, 300)
    .action(async (name: string, options: FigureOptions) => {
      exit(await runCommand(options, async ({ lab, output }) => {
        const [figure] = chosen<FigureName>([name.replace(/^figure\s*/i, '')], FIGURE_NAMES, 'a figure')
        const formats = chosen<FigureFormat>(options.format, FIGURE_FORMATS, 'a format')
        if (figure === undefined || formats.length === 0) throw new LabError('usage', 'expected at least one format')
        const [style = FIGURE_FACTS[figure].style] = chosen<StyleName>(options.style === undefined ? [] : [options.style], STYLE_NAMES, 'a style sheet')
        const files = await lab.call('figure.export', { figure, source: await sourceOf(figure, options), style, formats, folder: options.out === undefined ? null : resolve(options.out), dpi: options.dpi })
        for (const file of files) output.line(`${file.path} (${bytesText(file.bytes)})`)
        return { files }
      }))
    })
}
