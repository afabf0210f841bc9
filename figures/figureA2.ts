import { attackOf, extentOf, type FigureA2Data, type PreflightFinding } from '../contract/index.js'
import type { Drawn, FigureCode } from './drawn.js'
import { createLabelSetter } from './kit/fitted.js'
import { layOut, type LayoutPart } from './kit/layout.js'
import { createLegend } from './kit/legend.js'
import { createPage } from './kit/page.js'
import { ring } from './kit/ring.js'
import { drawPanel, text, type Panel } from './kit/panel.js'
import { linearScale } from './kit/scale.js'
import { symbol } from './kit/symbol.js'
import { modelColours } from './models.js'
import { publishedAccuracy, publishedAttack } from './published.js'
import type { Box, SceneItem, TextMeasure } from './scene.js'
import type { FigureStyle } from './style.js'

const HEIGHT_INCH = 1.5
const ACCURACY_VIEW = [0.42, 0.57] as const
const RANDOM_VIEW = [0.5, 3.5] as const
/** Room around the values where the limits are not published ones, as a share of their range. */
const MARGIN = 0.1
const DOT_PT = 3.5
/** Names of models take at most this share of the width. */
const LEGEND_SHARE = 0.28
const RING_PT = 6
const RING_WIDTH = 0.7

type Attack = 'random' | 'pgd'

/** The published limits if all values lie inside them, else the values with some room. */
function viewOf(values: readonly number[], published: readonly [number, number] | null): readonly [number, number] {
  if (values.length === 0) return published ?? [0, 1]
  const [low, high] = extentOf(values)
  if (published !== null && low >= published[0] && high <= published[1]) return published
  const room = MARGIN * (high > low ? high - low : Math.max(Math.abs(high), 1e-9))
  return [low - room, high + room]
}

function scatter(
  box: Box,
  data: FigureA2Data,
  attack: Attack,
  style: FigureStyle,
  measure: TextMeasure,
): { items: SceneItem[]; widened: boolean } {
  const colours = modelColours(data.models.map(({ model }) => model))
  const rings = data.models.flatMap(({ model }, index) => {
    const [accuracy, numbers] = [
      publishedAccuracy(model.label),
      publishedAttack(attackOf(attack).figureRow, model.label),
    ]
    return data.withPublished === true && accuracy !== null && numbers !== null
      ? [{ point: [accuracy, numbers.median] as const, colour: colours[index] ?? '#000000' }]
      : []
  })
  const accuracy = viewOf(
    [...data.models.map(({ testAccuracy }) => testAccuracy), ...rings.map(({ point }) => point[0])],
    ACCURACY_VIEW,
  )
  const medians = data.models.map(({ medianCriticalNorm }) => medianCriticalNorm[attack])
  const published = attack === 'random' ? RANDOM_VIEW : null
  const view = viewOf(
    [...medians.filter((median) => median !== null), ...rings.map(({ point }) => point[1])],
    published,
  )
  const panel: Panel = {
    box,
    x: { scale: linearScale(accuracy) },
    y: { scale: linearScale(view), ...(attack === 'random' ? { label: '∥Δ*x*∥_{crit}' } : {}) },
  }
  const marks = data.models.map(({ model, testAccuracy }, index) =>
    symbol(panel, [testAccuracy, medians[index] ?? NaN], model.dash ?? 0, DOT_PT, colours[index] ?? '#000000'),
  )
  const circles = rings.map(({ point, colour }) => ring(panel, point, RING_PT, colour, RING_WIDTH * style.lineWidthPt))
  return {
    items: [...drawPanel(panel, style, measure), ...marks, ...circles],
    widened: accuracy !== ACCURACY_VIEW || (published !== null && view !== published),
  }
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
function draw(data: FigureA2Data, style: FigureStyle, measure: TextMeasure): Drawn {
  const page = createPage(style, HEIGHT_INCH)
  const labels = createLabelSetter(style, measure)
  const colours = modelColours(data.models.map(({ model }) => model))
  const widened = { random: false, pgd: false }
  const panel = (attack: Attack, column: number): LayoutPart => ({
    rows: [0, 0],
    columns: [column, column],
    draw: (box) => {
      const { items, widened: wider } = scatter(box, data, attack, style, measure)
      widened[attack] = wider
      return items
    },
  })
  const capital = measure.capHeight(style.fonts.text) * style.labelSizePt
  const layout = layOut(
    { ...page, columns: [1, 1, 0], rows: [1, 0] },
    [
      panel('random', 0),
      panel('pgd', 1),
      {
        rows: [1, 1],
        columns: [0, 1],
        needs: 'height',
        draw: ({ x, y, width }) => [
          text('Test accuracy', style.labelSizePt, { x: x + width / 2, y: y + capital, anchor: 'middle' }, style),
        ],
      },
      {
        rows: [0, 0],
        columns: [2, 2],
        needs: 'width',
        draw: (box) => {
          const names = labels.fit(
            data.models.map(({ model }) => model.label),
            style.legendSizePt,
            LEGEND_SHARE * page.widthPt,
          )
          const legend = createLegend(
            names.map((label, index) => ({
              label,
              stroke: { colour: colours[index] ?? '#000000', widthPt: DOT_PT, cap: 'round' },
              mark: 'dot',
              shape: data.models[index]?.model.dash ?? 0,
            })),
            0.5,
            style,
            measure,
          )
          const wanted = box.y + (box.height - legend.heightPt) / 2
          return legend.draw({
            x: box.x,
            y: Math.max(page.marginPt, Math.min(wanted, page.heightPt - page.marginPt - legend.heightPt)),
          })
        },
      },
    ],
    measure,
  )
  const findings: PreflightFinding[] = []
  if (widened.random || widened.pgd)
    findings.push({
      level: 'advice',
      text: 'The axes are wider than published',
      detail: 'A model is outside the published limits.',
      value: `accuracy ${ACCURACY_VIEW.join(' to ')}`,
    })
  for (const { model, medianCriticalNorm } of data.models) {
    for (const attack of ['random', 'pgd'] as const) {
      if (medianCriticalNorm[attack] === null)
        findings.push({
          level: 'advice',
          text: `${model.label} has no dot for ${attack === 'pgd' ? 'PGD' : 'random perturbations'}`,
          detail: 'No image was fooled, so there is no median.',
          value: 'no dot',
        })
    }
  }
  const scene = {
    widthPt: page.widthPt,
    heightPt: layout.heightPt,
    items: layout.items.flat(),
    title: 'Figure A2: test accuracy against robustness',
  }
  return { scene, findings: [...findings, ...labels.findings()], cramped: layout.cramped }
}

/** Figure A2. */
export const figureA2: FigureCode<FigureA2Data> = { draw }
