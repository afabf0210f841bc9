import { FIGURE_FACTS, type FigureName, type FigureSource, type StyleName } from '../../contract/index.js'
import { hashOf } from '../files/hash.js'

const LONGEST = 60

/** What a file name may contain everywhere, and in an address. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, LONGEST)

/** Results by the id of the only one, or of the first with a mark of all. */
function subjectOf(source: FigureSource, stem: string): string {
  switch (source.kind) {
    case 'run':
      return source.units === undefined ? '' : `units-${source.units.join('-')}`
    case 'data':
      return plain(
        source.name
          .replace(/^.*[/\\]/, '')
          .replace(/(\.data)?\.json$/i, '')
          .replace(stem, ''),
      )
    case 'results': {
      const [first, ...others] = source.names
      const set =
        others.length === 0 && first?.label === null && source.windows === null
          ? ''
          : `-${hashOf([source.names, source.windows]).slice(0, 6)}`
      return `${plain(first?.name ?? '')}${set}${source.withPublished ? '-published' : ''}${source.colours === 'workbench' ? '-colours' : ''}`
    }
  }
}

/**
 * Name of an export into the archive, without ending, so that another export does not overwrite it: the paper's name, and after it
 * the results, the units or the file that it was drawn from, and the style sheet where that is not the published one; for a run, whose
 * folder it lies in, the run only where something else follows.
 */
export function exportStem(figure: FigureName, source: FigureSource, style: StyleName): string {
  const { fileStem, style: published } = FIGURE_FACTS[figure]
  const parts = [subjectOf(source, fileStem), style === published ? '' : style].filter((part) => part !== '')
  const run = source.kind === 'run' && parts.length > 0 ? [source.run] : []
  return [fileStem, ...run, ...parts].join('-')
}
