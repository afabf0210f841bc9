import { smallestOf, type PreflightFinding } from '../../contract/index.js'
import { translucentPaints } from '../flatten.js'
import { lineWidthPt, type ImageItem, type PathItem, type Scene, type TextItem, type TextMeasure } from '../scene.js'
import type { FigureStyle } from '../style.js'
import { crisp, imageDpi } from '../writers/crisp.js'
import { columnsFor } from './journals.js'
import { overlaps } from './overlaps.js'

const MM_PER_POINT = 25.4 / 72
const SMALLEST_TEXT_PT = 5
const THINNEST_LINE_PT = 0.25
const COARSEST_DPI = 300

/** Whether a line of text reaches over the edge of the figure. */
export function leavesCanvas(item: TextItem, scene: Scene, measure: TextMeasure): boolean {
  const width = lineWidthPt(item.runs, measure)
  const before = item.anchor === 'start' ? 0 : item.anchor === 'middle' ? width / 2 : width
  const angle = (-item.turn * Math.PI) / 180
  const ends = [-before, width - before].map(
    (along) => [item.x + along * Math.cos(angle), item.y + along * Math.sin(angle)] as const,
  )
  return ends.some(([x, y]) => x < 0 || y < 0 || x > scene.widthPt || y > scene.heightPt)
}

const textOf = (item: TextItem): string =>
  item.runs.map(({ text, risePt = 0 }) => `${risePt > 0 ? '^' : risePt < 0 ? '_' : ''}${text}`).join('')
/** A stroke that only sets dots has no thin lines. */
const isDots = ({ segments }: PathItem): boolean => {
  const [first, second] = segments
  return first?.kind === 'move' && second?.kind === 'line' && first.x === second.x && first.y === second.y
}

function textFinding(texts: readonly TextItem[]): PreflightFinding {
  const runs = texts.flatMap((item) =>
    item.runs.map((run) => ({ size: run.sizePt, rises: (run.risePt ?? 0) !== 0, text: textOf(item) })),
  )
  const smallest = runs.reduce<(typeof runs)[number] | null>(
    (least, run) => (least === null || run.size < least.size ? run : least),
    null,
  )
  if (smallest === null) return { level: 'pass', text: 'Smallest text', detail: '', value: 'no text' }
  return {
    level: smallest.size >= SMALLEST_TEXT_PT ? 'pass' : 'advice',
    text: 'Smallest text',
    detail: `${smallest.rises ? 'exponent or index in' : 'in'} ${smallest.text}`,
    value: `${smallest.size.toFixed(1)} pt, min ${SMALLEST_TEXT_PT}`,
  }
}

function lineFinding(paths: readonly PathItem[]): PreflightFinding {
  const widths = paths
    .flatMap((item) =>
      item.stroke === undefined || item.segments.length === 0 || isDots(item) ? [] : [item.stroke.widthPt],
    )
    .sort((a, b) => a - b)
  const thinnest = widths[0]
  if (thinnest === undefined) return { level: 'pass', text: 'Thinnest line', detail: '', value: 'no lines' }
  const thin = widths.filter((width) => width < THINNEST_LINE_PT).length
  return {
    level: thin === 0 ? 'pass' : 'advice',
    text: 'Thinnest line',
    detail: thin === 0 ? '' : `${thin} of ${widths.length} paths are thinner than journals require`,
    value: `${thinnest.toFixed(2)} pt, min ${THINNEST_LINE_PT}`,
  }
}

function imageFinding(images: readonly ImageItem[]): PreflightFinding {
  if (images.length === 0)
    return {
      level: 'pass',
      text: 'Resolution of pictures',
      detail: 'the figure consists of vectors only',
      value: 'no pictures',
    }
  const cells = smallestOf(images.map(imageDpi))
  const written = smallestOf(images.map((item) => imageDpi(crisp(item))))
  return {
    level: written >= COARSEST_DPI ? 'pass' : 'advice',
    text: 'Resolution of pictures',
    detail: `the coarsest picture has ${Math.round(cells)} cells per inch, as stored in EPS and PDF`,
    value: `${Math.round(written)} dpi, min ${COARSEST_DPI}`,
  }
}

function widthFinding(scene: Scene): PreflightFinding {
  const widthMm = scene.widthPt * MM_PER_POINT
  const columns = columnsFor(widthMm)
  return {
    level: columns.length > 0 ? 'pass' : 'advice',
    text: 'Width in journal columns',
    detail:
      columns.length > 0
        ? columns.map(({ label, columnMm }) => `${label} ${columnMm}`).join(', ')
        : 'wider than the columns of all listed journals',
    value: `${widthMm.toFixed(1)} mm`,
  }
}

const counted = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`
/** The first few of a list, so that a finding stays a sentence. */
const some = (names: readonly string[], most = 4): string =>
  `${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`

/** Labels on labels and on pictures cannot be read; on a curve they hide it. */
function overlapFindings(scene: Scene, measure: TextMeasure): PreflightFinding[] {
  const { texts, images, paths } = overlaps(scene, measure)
  const names = (found: readonly { text: TextItem }[]): string => some(found.map(({ text }) => textOf(text)))
  const findings: PreflightFinding[] = []
  if (texts.length > 0)
    findings.push({
      level: 'fail',
      text: 'Labels overlap',
      detail: some(texts.map(({ text, other }) => `${textOf(text)} and ${other.kind === 'text' ? textOf(other) : ''}`)),
      value: counted(texts.length, 'pair'),
    })
  if (images.length > 0)
    findings.push({
      level: 'fail',
      text: 'Labels overlap a picture',
      detail: names(images),
      value: counted(images.length, 'label'),
    })
  if (paths.length > 0)
    findings.push({
      level: 'advice',
      text: 'Labels overlap curves, dots or bars',
      detail: names(paths),
      value: counted(paths.length, 'label'),
    })
  return findings.length > 0
    ? findings
    : [
        {
          level: 'pass',
          text: 'No overlapping labels',
          detail: 'neither with other labels nor with pictures, curves or dots',
          value: 'none',
        },
      ]
}

/** What a journal would look at first, measured on the scene; the fonts are checked in the finished files. */
export function preflight(scene: Scene, style: FigureStyle, measure: TextMeasure): PreflightFinding[] {
  const texts = scene.items.filter((item) => item.kind === 'text')
  const outside = texts.filter((item) => leavesCanvas(item, scene, measure))
  const blended = translucentPaints(scene)
  const fits = Math.abs(scene.widthPt / 72 - style.widthInch) < 1e-6
  return [
    {
      level: fits ? 'pass' : 'advice',
      text: 'Width matches the style sheet',
      detail: style.label,
      value: `${(scene.widthPt * MM_PER_POINT).toFixed(1)} mm`,
    },
    widthFinding(scene),
    textFinding(texts),
    lineFinding(scene.items.filter((item) => item.kind === 'path')),
    imageFinding(scene.items.filter((item) => item.kind === 'image')),
    outside.length === 0
      ? { level: 'pass', text: 'All text is inside the figure', detail: '', value: 'yes' }
      : {
          level: 'fail',
          text: 'Text extends beyond the figure',
          detail: outside.map(textOf).join(', '),
          value: counted(outside.length, 'label'),
        },
    ...overlapFindings(scene, measure),
    {
      level: 'pass',
      text: 'No transparency in EPS',
      detail:
        blended === 0
          ? 'no colour had to be blended onto white'
          : 'translucent colours are blended onto white; PDF, SVG and PNG keep the transparency',
      value: `${blended} blended`,
    },
  ]
}
