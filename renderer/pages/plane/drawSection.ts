import { plainLabel } from '../../charts/ticks.js'
import { formatFixed } from '../../format/index.js'
import type { MapScene } from './drawMap.js'
import { curveNames, jacobianSection, softmaxSection, type SectionCurve } from './planeSection.js'
import { toPixel, type PlanePosition, type PlotBox } from './planeView.js'

const FONT = '"Inter Variable", Inter, system-ui, sans-serif'

type SectionScene = Pick<MapScene, 'map' | 'frame' | 'show' | 'range' | 'view' | 'theme' | 'classNames'>

function curve(
  context: CanvasRenderingContext2D,
  { values }: SectionCurve,
  { left, top, width, height }: PlotBox,
  [low, high]: readonly [number, number],
  colour: string,
): void {
  context.beginPath()
  let drawing = false
  values.forEach((value, place) => {
    if (Number.isNaN(value)) return void (drawing = false)
    const [x, y] = [
      left + (place / (values.length - 1)) * width,
      top + height - (high > low ? (value - low) / (high - low) : 0.5) * (height - 4),
    ]
    if (drawing) context.lineTo(x, y)
    else context.moveTo(x, y)
    drawing = true
  })
  Object.assign(context, { strokeStyle: colour, lineWidth: 1.6, lineJoin: 'round' })
  context.stroke()
}

/** Draws the section along the horizontal hair: softmax of the likeliest classes, or the Jacobian norm. */
export function drawSection(
  context: CanvasRenderingContext2D,
  { map, frame, show, range, view, theme, classNames }: SectionScene,
  box: PlotBox,
  [epsilon, xi]: PlanePosition,
): void {
  const { left, top, width, height } = box
  const places = Math.max(2, Math.round(width / 2))
  Object.assign(context, {
    strokeStyle: theme.axis,
    lineWidth: 1,
    font: `11px ${FONT}`,
    fillStyle: theme.ink3,
    textBaseline: 'middle',
    textAlign: 'right',
  })
  context.beginPath()
  context.moveTo(left + 0.5, top)
  context.lineTo(left + 0.5, top + height + 0.5)
  context.lineTo(left + width, top + height + 0.5)
  context.stroke()
  const limits = show === 'class' ? ([0, 1] as const) : range
  for (const [value, y] of [
    [limits[0], top + height - 3],
    [limits[1], top + 5],
  ] as const)
    context.fillText(plainLabel(Number(value.toPrecision(2))), left - 8, y)
  if (show === 'class') {
    const curves = softmaxSection(map, frame, view, xi, places)
    for (const each of [...curves].reverse())
      curve(context, each, box, limits, theme.classes[each.label % theme.classes.length] ?? theme.trace)
    Object.assign(context, { fillStyle: theme.ink2, textAlign: 'center' })
    for (const { label, place, value } of curveNames(curves))
      context.fillText(
        classNames[label] ?? String(label),
        left + (place / (places - 1)) * width,
        Math.max(top - 1, top + height - value * (height - 4) - 8),
      )
    Object.assign(context, { fillStyle: theme.ink3, textAlign: 'left' })
    context.fillText('softmax', left + width + 8, top + 6)
    context.fillText(`at ${formatFixed(xi, 2)}`, left + width + 8, top + 20)
  } else curve(context, jacobianSection(map, frame, view, xi, places), box, limits, theme.trace)
  const [x] = toPixel(view, box, [epsilon, 0])
  if (x < left || x > left + width) return
  context.globalAlpha = 0.6
  context.fillStyle = theme.ink3
  context.fillRect(Math.round(x), top, 1, height)
  context.globalAlpha = 1
}

/** Draws the crosshair at the cursor and the ring about it. */
export function drawCursor(
  context: CanvasRenderingContext2D,
  { view, box, show, theme }: Pick<MapScene, 'view' | 'box' | 'show' | 'theme'>,
  cursor: PlanePosition,
  pinned: boolean,
): void {
  const [x, y] = toPixel(view, box, cursor)
  const inside = x >= box.left && x <= box.left + box.width && y >= box.top && y <= box.top + box.height
  if (!inside) return
  const GAP = 9
  Object.assign(context, { strokeStyle: show === 'class' ? theme.line : '#ffffff', lineWidth: 1, globalAlpha: 0.55 })
  const [hx, hy] = [Math.round(x) + 0.5, Math.round(y) + 0.5]
  context.beginPath()
  for (const [x0, y0, x1, y1] of [
    [box.left, hy, x - GAP, hy],
    [x + GAP, hy, box.left + box.width, hy],
    [hx, box.top, hx, y - GAP],
    [hx, y + GAP, hx, box.top + box.height],
  ] as const) {
    if (x1 < x0 || y1 < y0) continue
    context.moveTo(x0, y0)
    context.lineTo(x1, y1)
  }
  context.stroke()
  Object.assign(context, { globalAlpha: 1, lineWidth: 1.5 })
  context.beginPath()
  context.arc(x, y, 5, 0, 2 * Math.PI)
  context.stroke()
  if (!pinned) return
  context.fillStyle = show === 'class' ? theme.line : '#ffffff'
  context.beginPath()
  context.arc(x, y, 1.5, 0, 2 * Math.PI)
  context.fill()
}
