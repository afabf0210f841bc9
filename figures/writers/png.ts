import { strToU8, zlibSync } from 'fflate'
import { concatenate } from './bytes.js'

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10]

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value >>> 0
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

const uint32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0) & 255)

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concatenate([Uint8Array.from(ascii(type)), data])
  return concatenate([Uint8Array.from(uint32(data.length)), body, Uint8Array.from(uint32(crc32(body)))])
}

/** Red, green, blue and opacity side by side, as PNG wants them. */
function interleave(rgb: Uint8Array, opacity: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(4 * opacity.length)
  for (let pixel = 0; pixel < opacity.length; pixel++) {
    rgba.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel)
    rgba[4 * pixel + 3] = opacity[pixel] ?? 255
  }
  return rgba
}

/**
 * Writes red, green and blue bytes as a PNG.
 *
 * @param rgb - width x height x 3
 * @param opacity - width x height, if pixels are translucent
 *
 * Source: PNG specification, third edition.
 */
export function writePng(width: number, height: number, rgb: Uint8Array, opacity?: Uint8Array): Uint8Array {
  const pixels = opacity === undefined ? rgb : interleave(rgb, opacity)
  const rowBytes = (opacity === undefined ? 3 : 4) * width
  const rows = new Uint8Array(height * (1 + rowBytes))
  for (let row = 0; row < height; row++)
    rows.set(pixels.subarray(row * rowBytes, (row + 1) * rowBytes), row * (1 + rowBytes) + 1)
  const header = Uint8Array.from([...uint32(width), ...uint32(height), 8, opacity === undefined ? 2 : 6, 0, 0, 0])
  return concatenate([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ])
}

/**
 * Adds resolution and texts to a finished PNG, right after its header.
 *
 * @param png - a PNG
 * @param dpi - dots per inch, kept as pixels per metre
 * @param texts - keyword (Latin-1) to text (UTF-8, iTXt)
 */
export function describePng(png: Uint8Array, dpi: number, texts: Record<string, string>): Uint8Array {
  const afterHeader = SIGNATURE.length + 25
  const perMetre = Math.round(dpi / 0.0254)
  const chunks = Object.entries(texts).map(([keyword, text]) =>
    chunk('iTXt', concatenate([Uint8Array.from([...ascii(keyword), 0, 0, 0, 0, 0]), strToU8(text)])),
  )
  return concatenate([
    png.subarray(0, afterHeader),
    chunk('pHYs', Uint8Array.from([...uint32(perMetre), ...uint32(perMetre), 1])),
    ...chunks,
    png.subarray(afterHeader),
  ])
}
