import type { Box, SceneItem, TextMeasure } from '../scene.js'
import { inkBox } from './bounds.js'

/** What is drawn in a place of a grid: panels fill their box, and their ticks, labels and titles lie around it. */
export interface LayoutPart {
  /** First and last row and column, both included. */
  rows: readonly [number, number]
  columns: readonly [number, number]
  /** @param cell - boxes of other places, for texts that need to know how far the next row is */
  draw(box: Box, cell: Cell): SceneItem[]
  /** Directions in which its ink needs room; both when absent. */
  needs?: 'width' | 'height'
}

export type Cell = (rows: readonly [number, number], columns: readonly [number, number]) => Box

export interface LayoutOrder {
  widthPt: number
  /** Of the page; with `rowAspect` null, the page is then as high as its rows. */
  heightPt: number | null
  /** Widths of panels as shares of each other; 0 for places that hold nothing but text; `square`: as wide as the first row is high. */
  columns: readonly (number | 'square')[]
  /** Heights of panels as shares of each other; 0 for places that hold nothing but text. */
  rows: readonly number[]
  /** Height over width of every panel, where the page follows the panels. */
  rowAspect?: number
  /** Widest panel where the page follows the panels. */
  mostWidthPt?: number
  columnGapPt: number
  rowGapPt: number
  /** Room left blank at the edges of the page. */
  marginPt: number
  /** Panels smaller than this leave too little to see. */
  smallestPt: number
}

/** A grid whose panels have all the room that their ticks, labels and titles leave. */
export interface Layout {
  /** Of each part, in order. */
  items: SceneItem[][]
  cell: Cell
  heightPt: number
  /** A panel is smaller than the smallest. */
  cramped: boolean
}

/** Room that the ink of a row or column needs before and after its panels. */
interface Room {
  before: number
  after: number
}
interface Track {
  start: number
  size: number
}

/** Ticks depend on the room, and the room on the ticks: after this number of attempts the larger of the two is kept. */
const FREE_TRIES = 3
const MOST_TRIES = 7
const SETTLED_PT = 0.05

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function tracksOf(sizes: readonly number[], rooms: readonly Room[], gapPt: number, from: number): Track[] {
  let place = from
  return sizes.map((size, index) => {
    const { before, after } = rooms[index] ?? { before: 0, after: 0 }
    const track = { start: place + before, size }
    place += before + size + after + gapPt
    return track
  })
}

const roomUsed = (rooms: readonly Room[], gapPt: number, marginPt: number): number =>
  sum(rooms.map(({ before, after }) => before + after)) + gapPt * (rooms.length - 1) + 2 * marginPt

function place(
  order: LayoutOrder,
  columnRooms: readonly Room[],
  rowRooms: readonly Room[],
): { columns: Track[]; rows: Track[]; heightPt: number } {
  const { widthPt, marginPt, columnGapPt, rowGapPt } = order
  const freeWidth = Math.max(1, widthPt - roomUsed(columnRooms, columnGapPt, marginPt))
  const rowRoom = roomUsed(rowRooms, rowGapPt, marginPt)
  const shares = order.columns.map((share) => (share === 'square' ? 0 : share))
  const squares = order.columns.filter((share) => share === 'square').length
  const most = order.mostWidthPt ?? Infinity
  const heightOf = (share: number): number =>
    order.rowAspect === undefined
      ? (share * Math.max(1, (order.heightPt ?? 0) - rowRoom)) / sum(order.rows)
      : share * order.rowAspect * Math.min(most, freeWidth / sum(shares))
  const rowSizes = order.rows.map(heightOf)
  const square = Math.min(rowSizes[0] ?? 0, freeWidth / (squares + 2))
  const unit = Math.min(most, (freeWidth - squares * square) / Math.max(1e-9, sum(shares)))
  const columnSizes = order.columns.map((share) => (share === 'square' ? square : share * unit))
  const heightPt = order.heightPt ?? sum(rowSizes) + rowRoom
  // What the widest panel leaves is shared by both sides.
  const left = marginPt + Math.max(0, freeWidth - sum(columnSizes)) / 2
  return {
    columns: tracksOf(columnSizes, columnRooms, columnGapPt, left),
    rows: tracksOf(rowSizes, rowRooms, rowGapPt, marginPt),
    heightPt,
  }
}

const cellOf =
  (columns: readonly Track[], rows: readonly Track[]): Cell =>
  ([r0, r1], [c0, c1]) => {
    const span = (tracks: readonly Track[], first: number, last: number): [number, number] => {
      const from = tracks[first]?.start ?? 0
      return [from, (tracks[last]?.start ?? 0) + (tracks[last]?.size ?? 0) - from]
    }
    const [[x, width], [y, height]] = [span(columns, c0, c1), span(rows, r0, r1)]
    return { x, y, width, height }
  }

/** Rooms that the drawn parts need. */
function needed(
  order: LayoutOrder,
  parts: readonly LayoutPart[],
  drawn: readonly SceneItem[][],
  cell: Cell,
  measure: TextMeasure,
): { columns: Room[]; rows: Room[] } {
  const none = (count: number): Room[] => Array.from({ length: count }, () => ({ before: 0, after: 0 }))
  const rooms = { columns: none(order.columns.length), rows: none(order.rows.length) }
  const widen = (tracks: Room[], [first, last]: readonly [number, number], before: number, after: number): void => {
    const [start, end] = [tracks[first], tracks[last]]
    if (start !== undefined) start.before = Math.max(start.before, before)
    if (end !== undefined) end.after = Math.max(end.after, after)
  }
  parts.forEach((part, index) => {
    const [box, ink] = [cell(part.rows, part.columns), inkBox(drawn[index] ?? [], measure)]
    if (ink === null) return
    if (part.needs !== 'height')
      widen(rooms.columns, part.columns, box.x - ink.x, ink.x + ink.width - box.x - box.width)
    if (part.needs !== 'width') widen(rooms.rows, part.rows, box.y - ink.y, ink.y + ink.height - box.y - box.height)
  })
  return rooms
}

/**
 * Lays panels out so that all ink fits on the page and fills it: ticks, labels and titles are measured in the real fonts, and the
 * panels share the rest.
 *
 * @param order - the page, and the shares of rows and columns
 * @param parts - what is drawn where; drawn several times, until the room that it needs no longer changes
 */
export function layOut(order: LayoutOrder, parts: readonly LayoutPart[], measure: TextMeasure): Layout {
  let rooms = {
    columns: order.columns.map((): Room => ({ before: 0, after: 0 })),
    rows: order.rows.map((): Room => ({ before: 0, after: 0 })),
  }
  for (let tries = 1; ; tries++) {
    const { columns, rows, heightPt } = place(order, rooms.columns, rooms.rows)
    const cell = cellOf(columns, rows)
    const items = parts.map((part) => part.draw(cell(part.rows, part.columns), cell))
    const now = needed(order, parts, items, cell, measure)
    const larger = (kind: 'columns' | 'rows'): Room[] =>
      now[kind].map(({ before, after }, index) => {
        const old = rooms[kind][index]
        return tries <= FREE_TRIES || old === undefined
          ? { before, after }
          : { before: Math.max(before, old.before), after: Math.max(after, old.after) }
      })
    const next = { columns: larger('columns'), rows: larger('rows') }
    const change = (['columns', 'rows'] as const)
      .flatMap((kind) =>
        next[kind].map(
          ({ before, after }, index) =>
            Math.abs(before - (rooms[kind][index]?.before ?? 0)) + Math.abs(after - (rooms[kind][index]?.after ?? 0)),
        ),
      )
      .reduce((most, value) => Math.max(most, value), 0)
    if (change < SETTLED_PT || tries === MOST_TRIES) {
      const sizes = [
        ...columns.filter((_, index) => order.columns[index] !== 0),
        ...rows.filter((_, index) => order.rows[index] !== 0),
      ].map(({ size }) => size)
      return { items, cell, heightPt, cramped: sizes.some((size) => size < order.smallestPt) }
    }
    rooms = next
  }
}
