import { ATTACK_ROWS, type FigureA2Data, type PreflightFinding } from '../contract/index.js'
import { dots } from './kit/dots.js'
import { createLabelSetter } from './kit/fitted.js'
import { createGrid, DEFAULT_GRID } from './kit/grid.js'
import { createLegend } from './kit/legend.js'
import { createPage } from './kit/page.js'
import { ring } from './kit/ring.js'
import { drawPanel, text, type Panel } from './kit/panel.js'
import { linearScale } from './kit/scale.js'
import { modelColours } from './models.js'
import { publishedAccuracy, publishedAttack } from './published.js'
import type { Box, Scene, SceneItem, TextMeasure } from './scene.js'
import type { FigureStyle } from './style.js'

const HEIGHT_INCH = 1.5
const ACCURACY_VIEW = [0.42, 0.57] as const
const RANDOM_VIEW = [0.5, 3.5] as const
/** Room around the values where the limits are not published ones, as a share of their range. */
const MARGIN = 0.1
const DOT_PT = 3.5
const LABEL_Y = 0.02
const RING_PT = 6
const RING_WIDTH = 0.7

type Attack = 'random' | 'pgd'

/** The published limits if all values lie inside them, else the values with some room. */
function viewOf(values: readonly number[], published: readonly [number, number] | null): readonly [number, number] {
  if (values.length === 0) return published ?? [0, 1]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (published !== null && low >= published[0] && high <= published[1]) return published
  const room = MARGIN * (high > low ? high - low : Math.max(Math.abs(high), 1e-9))
  return [low - room, high + room]
}

function scatter(box: Box, data: FigureA2Data, attack: Attack, style: FigureStyle, measure: TextMeasure): { items: SceneItem[]; widened: boolean } {
  const colours = modelColours(data.models.map(({ model }) => model))
  const rings = data.models.flatMap(({ model }, index) => {
    const [accuracy, numbers] = [publishedAccuracy(model.label), publishedAttack(ATTACK_ROWS[attack], model.label)]
    return data.withPublished === true && accuracy !== null && numbers !== null ? [{ point: [accuracy, numbers.median] as const, colour: colours[index] ?? '#000000' }] : []
  })
  const accuracy = viewOf([...data.models.map(({ testAccuracy }) => testAccuracy), ...rings.map(({ point }) => point[0])], ACCURACY_VIEW)
  const medians = data.models.map(({ medianCriticalNorm }) => medianCriticalNorm[attack])
  const published = attack === 'random' ? RANDOM_VIEW : null
  const view = viewOf([...medians.filter((median) => median !== null), ...rings.map(({ point }) => point[1])], published)
  const panel: Panel = { box, x: { scale: linearScale(accuracy) }, y: { scale: linearScale(view), ...(attack === 'random' ? { label: '∥Δ*x*∥_{crit}' } : {}) } }
  const marks = data.models.map(({ testAccuracy }, index) => dots(panel, [[testAccuracy, medians[index] ?? NaN]], DOT_PT, { colour: colours[index] ?? '#000000' }))
  const circles = rings.map(({ point, colour }) => ring(panel, point, RING_PT, colour, RING_WIDTH * style.lineWidthPt))
  return { items: [...drawPanel(panel, style, measure), ...marks, ...circles], widened: accuracy !== ACCURACY_VIEW || (published !== null && view !== published) }
}

/**
 * Figure A2: test accuracy against the median critical norm, for random perturbations and PGD, one dot for each model.
 *
 * @param data - accuracy and medians of every model (see FigureA2Data)
 * @param style - the sheet; the width is the sheet's, the height 1.5 inches
 * @param measure - widths of text in the real fonts
 *
 * Source: docs/SOURCES.md 8.7; FigureA2-AccVsRobustness of the paper.
 */
export function figureA2(data: FigureA2Data, style: FigureStyle, measure: TextMeasure): { scene: Scene; findings: PreflightFinding[] } {
  const { widthPt, heightPt, bottom, top } = createPage(style, HEIGHT_INCH)
  const findings: PreflightFinding[] = []
  const cell = createGrid({ ...DEFAULT_GRID, bottom, top, widthRatios: [0.05, 0.5, 0.05, 0.5, 0.75], heightRatios: [0.05, 1, 0.05] }, widthPt, heightPt)
  const [left, right, aside] = [cell([1, 1], [1, 1]), cell([1, 1], [3, 3]), cell([1, 1], [4, 4])]
  const panels = [scatter(left, data, 'random', style, measure), scatter(right, data, 'pgd', style, measure)]
  if (panels.some(({ widened }) => widened)) findings.push({ level: 'advice', text: 'The axes are wider than published', detail: 'A model is outside the published limits.', value: `accuracy ${ACCURACY_VIEW.join(' to ')}` })
  for (const { model, medianCriticalNorm } of data.models) {
    for (const attack of ['random', 'pgd'] as const) {
      if (medianCriticalNorm[attack] === null) findings.push({ level: 'advice', text: `${model.label} has no dot for ${attack === 'pgd' ? 'PGD' : 'random perturbations'}`, detail: 'No image was fooled, so there is no median.', value: 'no dot' })
    }
  }
  const colours = modelColours(data.models.map(({ model }) => model))
  const labels = createLabelSetter(style, measure)
  const names = labels.fit(data.models.map(({ model }) => model.label), style.legendSizePt, aside.width - 2 * style.legendSizePt)
  const legend = createLegend(names.map((label, index) => ({ label, stroke: { colour: colours[index] ?? '#000000', widthPt: DOT_PT, cap: 'round' }, mark: 'dot' })), 0.5, style, measure)
  const items = [
    ...panels.flatMap(({ items: drawn }) => drawn),
    text('Test accuracy', style.labelSizePt, { x: (left.x + right.x + right.width) / 2, y: (1 - LABEL_Y) * heightPt, anchor: 'middle' }, style),
    ...legend.draw({ x: aside.x + (aside.width - legend.widthPt) / 2, y: aside.y + (aside.height - legend.heightPt) / 2 }),
  ]
  return { scene: { widthPt, heightPt, items, title: 'Figure A2: test accuracy against robustness' }, findings: [...findings, ...labels.findings()] }
}
