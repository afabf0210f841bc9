import type { PreflightFinding } from '../contract/index.js'
import { translucentPaints } from './flatten.js'
import { lineWidthPt, type Scene, type TextItem, type TextMeasure } from './scene.js'
import type { FigureStyle } from './style.js'

const MM_PER_POINT = 25.4 / 72
const SMALLEST_TEXT_PT = 5
const THINNEST_LINE_PT = 0.25

/** Whether a line of text reaches over the edge of the figure. */
export function leavesCanvas(item: TextItem, scene: Scene, measure: TextMeasure): boolean {
  const width = lineWidthPt(item.runs, measure)
  const before = item.anchor === 'start' ? 0 : item.anchor === 'middle' ? width / 2 : width
  const angle = (-item.turn * Math.PI) / 180
  const ends = [-before, width - before].map((along) => [item.x + along * Math.cos(angle), item.y + along * Math.sin(angle)] as const)
  return ends.some(([x, y]) => x < 0 || y < 0 || x > scene.widthPt || y > scene.heightPt)
}

/** What a journal would look at first. */
export function preflight(scene: Scene, style: FigureStyle, measure: TextMeasure): PreflightFinding[] {
  const texts = scene.items.filter((item): item is TextItem => item.kind === 'text')
  const smallest = Math.min(...texts.flatMap((item) => item.runs.map((run) => run.sizePt)))
  const thinnest = Math.min(...scene.items.flatMap((item) => (item.kind === 'path' && item.stroke !== undefined ? [item.stroke.widthPt] : [])))
  const outside = texts.filter((item) => leavesCanvas(item, scene, measure))
  const blended = translucentPaints(scene)
  const judge = (good: boolean, text: string, detail: string, value: string): PreflightFinding => ({ level: good ? 'pass' : 'advice', text, detail, value })
  return [
    judge(Math.abs(scene.widthPt / 72 - style.widthInch) < 1e-6, 'Width equals the style sheet', style.label, `${(scene.widthPt * MM_PER_POINT).toFixed(1)} mm`),
    judge(smallest >= SMALLEST_TEXT_PT, 'Smallest text', 'in exponents and indices', `${smallest.toFixed(1)} pt, min ${SMALLEST_TEXT_PT}`),
    judge(thinnest >= THINNEST_LINE_PT, 'Thinnest line', 'small ticks', `${thinnest.toFixed(1)} pt, min ${THINNEST_LINE_PT}`),
    judge(outside.length === 0, 'All text lies inside the figure', outside.length === 0 ? '' : outside.map((item) => item.runs.map((run) => run.text).join('')).join(', '), outside.length === 0 ? 'yes' : `${outside.length} outside`),
    { level: 'pass', text: 'Fonts are embedded', detail: 'Type 42 in EPS; text stays selectable', value: 'Computer Modern' },
    { level: 'pass', text: 'No transparency in EPS', detail: blended === 0 ? 'nothing had to be blended onto white' : 'translucent fills are blended onto white', value: `${blended} blended` },
  ]
}
