import {
  FIGURE_FACTS,
  type FigureFormat,
  type FigureName,
  type FigureSource,
  type StyleName,
} from '../../../contract/index.js'
import { shellWord } from '../../form/commandLine.js'

/** How an export is made. */
export interface ExportChoice {
  formats: readonly FigureFormat[]
  style: StyleName
  dpi: number
}
const USUAL_DPI = 300

function sourceWords(figure: FigureName, source: FigureSource): string[] {
  switch (source.kind) {
    case 'run':
      return [`--run ${source.run}`, ...(source.units === undefined ? [] : [`--units ${source.units.join(',')}`])]
    case 'data':
      return [
        `--from ${shellWord(source.name)}`,
        ...('withPublished' in source.content.data && source.content.data.withPublished === true
          ? ['--published']
          : []),
      ]
    case 'results': {
      const { names, windows, withPublished, colours } = source
      return [
        ...names.map(
          ({ name, label }) =>
            `--${FIGURE_FACTS[figure].source} ${shellWord(label === null ? name : `${label}=${name}`)}`,
        ),
        ...(windows === null
          ? []
          : [`--window ${windows.dataset.join(':')}`, `--noise-window ${windows.noise.join(':')}`]),
        ...(withPublished ? ['--published'] : []),
        ...(colours === undefined || colours === 'paper' ? [] : [`--colours ${colours}`]),
      ]
    }
  }
}

/** The same figure as a command, with continued lines; null without data or format. A data file is given by name, since the browser does not know its folder. */
export function figureCommand(
  figure: FigureName,
  source: FigureSource | null,
  { formats, style, dpi }: ExportChoice,
): string | null {
  if (source === null || formats.length === 0) return null
  const words = sourceWords(figure, source)
  const more = [
    `--format ${formats.join(',')}`,
    ...(style === FIGURE_FACTS[figure].style ? [] : [`--style ${style}`]),
    ...(dpi === USUAL_DPI ? [] : [`--dpi ${dpi}`]),
  ]
  return words.length === 1
    ? [`lab figure ${figure}`, ...words, ...more].join(' ')
    : [`lab figure ${figure}`, ...words, more.join(' ')].join(' \\\n  ')
}
