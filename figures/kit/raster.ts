import { rgbOf } from '../colour.js'
import type { Box, ImageItem } from '../scene.js'
import { magma } from './magma.js'

/** A map of numbers: row 0 is the lowest. */
export interface GridShape {
  columns: number
  rows: number
}

/** Calls back for every cell with its number and its place in a picture, whose first row is the uppermost. */
function eachCell({ columns, rows }: GridShape, paint: (cell: number, pixel: number) => void): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) paint(row * columns + column, (rows - 1 - row) * columns + column)
  }
}

/**
 * A map in the colours of magma.
 *
 * @param values - rows x columns, row 0 at the bottom
 * @param range - values of the darkest and the lightest colour
 */
export function magmaImage(
  box: Box,
  shape: GridShape,
  values: ArrayLike<number>,
  [low, high]: readonly [number, number],
): ImageItem {
  const rgb = new Uint8Array(3 * shape.columns * shape.rows)
  const scale = high > low ? 1 / (high - low) : 0
  eachCell(shape, (cell, pixel) => rgb.set(magma(((values[cell] ?? low) - low) * scale), 3 * pixel))
  return { kind: 'image', box, pixelWidth: shape.columns, pixelHeight: shape.rows, rgb }
}

/**
 * A map of classes, each in its colour, as opaque as the classifier is sure.
 *
 * @param classes - rows x columns, row 0 at the bottom
 * @param confidence - 0 to 1 for each
 * @param colours - `#rrggbb` of every class
 */
export function classImage(
  box: Box,
  shape: GridShape,
  classes: ArrayLike<number>,
  confidence: ArrayLike<number>,
  colours: readonly string[],
  over: string,
): ImageItem {
  const palette = colours.map(rgbOf)
  const rgb = new Uint8Array(3 * shape.columns * shape.rows)
  const opacity = new Uint8Array(shape.columns * shape.rows)
  eachCell(shape, (cell, pixel) => {
    rgb.set(palette[classes[cell] ?? 0] ?? [0, 0, 0], 3 * pixel)
    opacity[pixel] = Math.round(255 * (confidence[cell] ?? 0))
  })
  return { kind: 'image', box, pixelWidth: shape.columns, pixelHeight: shape.rows, rgb, alpha: { opacity, over } }
}
