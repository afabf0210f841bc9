import type { PlaneMap } from '../../../contract/index.js'
import type { ContourLine } from '../../../figures/kit/contours.js'
import { plainLabel } from '../../charts/ticks.js'
import { magmaOf, mapPicture } from './mapPixels.js'
import { placeOf, type PlaneFrame } from './planeGrid.js'
import { linesOf, type LevelLines } from './planeLines.js'
import { toPixel, type PlaneView, type PlotBox } from './planeView.js'
import type { RegionName } from './regionNames.js'
import { roundValues } from './roundValues.js'
import type { PlaneTheme } from './usePlaneTheme.js'

/** Overlays of a map. */
export interface PlaneLayers {
  regions: boolean
  contours: boolean
  isolines: boolean
  anchors: boolean
  near: boolean
}

/** Everything that determines the picture of a map. */
export interface MapScene {
  map: PlaneMap
  frame: PlaneFrame
  show: 'class' | 'jacobian'
  range: readonly [number, number]
  view: PlaneView
  box: PlotBox
  layers: PlaneLayers
  theme: PlaneTheme
  names: readonly RegionName[]
  classNames: readonly string[]
}

const FONT = '"Inter Variable", Inter, system-ui, sans-serif'
/** Shorter lines are rounding artefacts. */
const SHORTEST_LINE = 3

const paths = new WeakMap<readonly ContourLine[], Path2D>()

/** Lines in units of points as one path; made once. */
function pathOf(lines: readonly ContourLine[]): Path2D {
  const old = paths.get(lines)
  if (old !== undefined) return old
  const path = new Path2D()
  for (const { points, closed } of lines) {
    if (points.length < SHORTEST_LINE) continue
    points.forEach(([x, y], index) => (index === 0 ? path.moveTo(x, y) : path.lineTo(x, y)))
    if (closed) path.closePath()
  }
  paths.set(lines, path)
  return path
}

/** Draws the map, its lines and the names of its regions. */
export function drawMap(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { map, frame, show, range, view, box, layers, theme, names, classNames } = scene
  const { size } = frame
  context.save()
  context.beginPath()
  context.rect(box.left, box.top, box.width, box.height)
  context.clip()
  // A point is drawn as a cell about it, so the picture is half a step larger than the window.
  const [left, top] = toPixel(view, box, placeOf(frame, [-0.5, size - 0.5]))
  const [right, bottom] = toPixel(view, box, placeOf(frame, [size - 0.5, -0.5]))
  const picture = show === 'jacobian' || layers.regions ? mapPicture(map, size, show, range, theme) : null
  context.imageSmoothingQuality = 'high'
  // Above eight pixels per point, smoothing would suggest detail that was not computed.
  context.imageSmoothingEnabled = (right - left) / size < 8
  if (picture !== null) context.drawImage(picture, left, top, right - left, bottom - top)

  const [x0, y0] = toPixel(view, box, placeOf(frame, [0, 0]))
  const [x1, y1] = toPixel(view, box, placeOf(frame, [1, 1]))
  const onScreen = new DOMMatrix([x1 - x0, 0, 0, y1 - y0, x0, y0])
  const stroke = (
    lines: readonly ContourLine[],
    width: number,
    opacity: number,
    colour: string,
    dash: readonly number[] = [],
  ): void => {
    const path = new Path2D()
    path.addPath(pathOf(lines), onScreen)
    Object.assign(context, { lineWidth: width, globalAlpha: opacity, strokeStyle: colour, lineJoin: 'round' })
    context.setLineDash([...dash])
    context.stroke(path)
  }
  const lines = linesOf(map, size)
  if (show === 'class') {
    if (layers.contours) for (const { lines: each } of lines.confidence) stroke(each, 0.7, 0.38, theme.line)
    if (layers.isolines) for (const { lines: each } of lines.jacobian) stroke(each, 1.1, 0.75, theme.line, [1.5, 3])
    stroke(lines.boundaries, 1.4, 1, theme.line)
  } else {
    if (layers.isolines) for (const { lines: each } of lines.jacobian) stroke(each, 0.8, 0.5, '#ffffff', [1.5, 3])
    stroke(lines.boundaries, 1, 0.55, '#ffffff')
  }
  context.setLineDash([])
  context.globalAlpha = 1
  const word = (text: string, x: number, y: number, font: string, halo: number): void => {
    Object.assign(context, {
      font,
      textAlign: 'center',
      textBaseline: 'middle',
      lineJoin: 'round',
      lineWidth: halo,
      strokeStyle: theme.halo,
      fillStyle: theme.line,
    })
    context.strokeText(text, x, y)
    context.fillText(text, x, y)
  }
  if (show === 'class') {
    if (layers.isolines)
      for (const { text, x } of edgeValues(lines.jacobian, (point) => toPixel(view, box, placeOf(frame, point)), box))
        word(text, x, box.top + box.height - 9, `10px ${FONT}`, 3)
    for (const { label, position } of names)
      word(classNames[label] ?? String(label), ...toPixel(view, box, position), `600 12px ${FONT}`, 3.5)
  }
  context.restore()
}

/** Places where isolines cross the lower edge of the box: each value is written there once, at least 22 pixels apart. */
function edgeValues(
  levels: readonly LevelLines[],
  onScreen: (point: readonly [number, number]) => readonly [number, number],
  { left, top, width, height }: PlotBox,
): { text: string; x: number }[] {
  const found: { text: string; x: number }[] = []
  const edge = top + height - 1
  for (const { level, lines } of levels) {
    for (const { points } of lines) {
      let before: readonly [number, number] | null = null
      for (const point of points) {
        const [x, y] = onScreen(point)
        if (
          before !== null &&
          (before[1] - edge) * (y - edge) <= 0 &&
          x > left + 14 &&
          x < left + width - 14 &&
          found.every((other) => Math.abs(other.x - x) > 22 && other.text !== plainLabel(level))
        )
          found.push({ text: plainLabel(level), x })
        before = [x, y]
      }
    }
  }
  return found
}

/** Ticks and values of both axes; those of ε at the foot of the section below. */
export function drawAxes(
  context: CanvasRenderingContext2D,
  { view, box, theme }: Pick<MapScene, 'view' | 'box' | 'theme'>,
  foot: number,
): void {
  Object.assign(context, {
    font: `11px ${FONT}`,
    fillStyle: theme.ink3,
    strokeStyle: theme.axis,
    lineWidth: 1,
    textBaseline: 'middle',
  })
  context.beginPath()
  context.textAlign = 'center'
  for (const value of roundValues(view.first, 8)) {
    const x = Math.round(toPixel(view, box, [value, 0])[0]) + 0.5
    context.moveTo(x, foot)
    context.lineTo(x, foot + 4)
    context.fillText(plainLabel(value), x, foot + 13)
  }
  context.textAlign = 'right'
  for (const value of roundValues(view.second, 8)) {
    const y = Math.round(toPixel(view, box, [0, value])[1]) + 0.5
    context.moveTo(box.left - 4, y)
    context.lineTo(box.left, y)
    context.fillText(plainLabel(value), box.left - 8, y)
  }
  context.stroke()
}

/** The scale of the Jacobian norm, at the right of its map. */
export function drawBar(
  context: CanvasRenderingContext2D,
  { box, range, theme }: Pick<MapScene, 'box' | 'range' | 'theme'>,
): void {
  const left = box.left + box.width + 10
  const steps = Math.round(box.height)
  for (let step = 0; step < steps; step++) {
    context.fillStyle = `rgb(${magmaOf(range[0] + ((step + 0.5) / steps) * (range[1] - range[0]), range).join(' ')})`
    context.fillRect(left, box.top + box.height - step - 1, 9, 1)
  }
  Object.assign(context, {
    font: `11px ${FONT}`,
    fillStyle: theme.ink3,
    strokeStyle: theme.axis,
    lineWidth: 1,
    textBaseline: 'middle',
    textAlign: 'left',
  })
  context.beginPath()
  for (const value of roundValues(range, 7)) {
    const y = Math.round(box.top + box.height - ((value - range[0]) / (range[1] - range[0])) * box.height) + 0.5
    context.moveTo(left + 9, y)
    context.lineTo(left + 13, y)
    context.fillText(plainLabel(value), left + 17, y)
  }
  context.stroke()
}
