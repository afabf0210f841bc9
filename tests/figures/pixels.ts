import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'

export const has = (program: string): boolean => spawnSync(program, ['-v']).error === undefined

/** How much two pictures differ: mean absolute difference of 255, and the share of values off by more than 96. */
export interface Difference {
  mean: number
  far: number
}

export function difference(a: PNG, b: PNG): Difference {
  if (a.width !== b.width || a.height !== b.height)
    throw new Error(`${a.width} x ${a.height} against ${b.width} x ${b.height}`)
  let sum = 0
  let far = 0
  for (let place = 0; place < a.data.length; place++) {
    if (place % 4 === 3) continue
    const off = Math.abs((a.data[place] ?? 0) - (b.data[place] ?? 0))
    sum += off
    if (off > 96) far += 1
  }
  const values = 3 * a.width * a.height
  return { mean: sum / values, far: far / values }
}

/** Mean darkness of a picture, of 255: 0 for a blank page. */
export function ink(picture: PNG): number {
  const light = picture.data.reduce((sum, value, place) => (place % 4 === 3 ? sum : sum + value), 0)
  return 255 - light / (3 * picture.width * picture.height)
}

export interface Canvas {
  widthPt: number
  heightPt: number
  width: number
  height: number
}

/** Painted at a multiple of the resolution and averaged: how much of each pixel is covered, without the painting rules of one program for thin lines and edges. */
const FINER = 4

/** Dots per inch along both sides: whole pixels stretch a picture by a few hundredths of a per cent. */
const resolution = ({ widthPt, heightPt, width, height }: Canvas): string =>
  `${(width / widthPt) * 72 * FINER}x${(height / heightPt) * 72 * FINER}`

/** The pixels of a PPM, three bytes each. */
function pixelsOf(path: string, width: number, height: number): Uint8Array {
  const bytes = readFileSync(path)
  const pixels = bytes.subarray(bytes.length - 3 * width * height)
  const head = bytes.subarray(0, bytes.length - pixels.length).toString('latin1')
  if (!new RegExp(`^P6\\s(#.*\\s)*${width} ${height}\\s255\\s$`).test(head))
    throw new Error(`expected a PPM of ${width} x ${height}, got ${head}`)
  return pixels
}

function averaged(path: string, width: number, height: number): PNG {
  const fine = pixelsOf(path, width * FINER, height * FINER)
  const sums = new Uint32Array(3 * width * height)
  for (let y = 0; y < height * FINER; y++) {
    const row = 3 * width * Math.floor(y / FINER)
    for (let x = 0; x < width * FINER; x++) {
      const from = 3 * (y * width * FINER + x)
      const to = row + 3 * Math.floor(x / FINER)
      for (let channel = 0; channel < 3; channel++)
        sums[to + channel] = (sums[to + channel] ?? 0) + (fine[from + channel] ?? 0)
    }
  }
  const coarse = new PNG({ width, height })
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      coarse.data[4 * pixel + channel] = Math.round((sums[3 * pixel + channel] ?? 0) / FINER ** 2)
    coarse.data[4 * pixel + 3] = 255
  }
  return coarse
}

/** Paints an EPS or PDF with Ghostscript on the very pixels of our PNG. */
export function paintWithGhostscript(bytes: Uint8Array, format: 'eps' | 'pdf', canvas: Canvas, folder: string): PNG {
  const { width, height } = canvas
  const [path, out] = [join(folder, `painted.${format}`), join(folder, 'ghostscript.ppm')]
  writeFileSync(path, bytes)
  execFileSync('gs', [
    '-q',
    '-dNOPAUSE',
    '-dBATCH',
    '-dSAFER',
    '-sDEVICE=ppmraw',
    '-dTextAlphaBits=4',
    '-dGraphicsAlphaBits=4',
    '-dFIXEDMEDIA',
    `-r${resolution(canvas)}`,
    `-g${width * FINER}x${height * FINER}`,
    `-sOutputFile=${out}`,
    path,
  ])
  return averaged(out, width, height)
}

/** Paints a PDF with poppler on the very pixels of our PNG. */
export function paintWithPoppler(bytes: Uint8Array, canvas: Canvas, folder: string): PNG {
  const { width, height } = canvas
  const path = join(folder, 'painted.pdf')
  writeFileSync(path, bytes)
  const [across = '', down = ''] = resolution(canvas).split('x')
  execFileSync('pdftoppm', [
    '-singlefile',
    '-thinlinemode',
    'shape',
    '-rx',
    across,
    '-ry',
    down,
    '-x',
    '0',
    '-y',
    '0',
    '-W',
    String(width * FINER),
    '-H',
    String(height * FINER),
    path,
    join(folder, 'poppler'),
  ])
  return averaged(join(folder, 'poppler.ppm'), width, height)
}
