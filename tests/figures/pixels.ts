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
  if (a.width !== b.width || a.height !== b.height) throw new Error(`${a.width} x ${a.height} against ${b.width} x ${b.height}`)
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

export interface Canvas {
  widthPt: number
  heightPt: number
  width: number
  height: number
}

/** Painted so many times finer and averaged: how much of each pixel is covered, without the painting rules of one program for thin lines and edges. */
const FINER = 4

/** Dots per inch along both sides: whole pixels stretch a picture by a few hundredths of a per cent. */
const resolution = ({ widthPt, heightPt, width, height }: Canvas): string => `${(width / widthPt) * 72 * FINER}x${(height / heightPt) * 72 * FINER}`

function averaged(fine: PNG, width: number, height: number): PNG {
  const coarse = new PNG({ width, height })
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 4; channel++) {
        let sum = 0
        for (let dy = 0; dy < FINER; dy++) for (let dx = 0; dx < FINER; dx++) sum += fine.data[4 * ((FINER * y + dy) * fine.width + FINER * x + dx) + channel] ?? 0
        coarse.data[4 * (y * width + x) + channel] = Math.round(sum / FINER ** 2)
      }
    }
  }
  return coarse
}

/** Paints an EPS or PDF with Ghostscript on the very pixels of our PNG. */
export function paintWithGhostscript(bytes: Uint8Array, format: 'eps' | 'pdf', canvas: Canvas, folder: string): PNG {
  const { width, height } = canvas
  const [path, out] = [join(folder, `painted.${format}`), join(folder, 'ghostscript.png')]
  writeFileSync(path, bytes)
  execFileSync('gs', [
    '-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-sDEVICE=png16m', '-dTextAlphaBits=4', '-dGraphicsAlphaBits=4', '-dFIXEDMEDIA', `-r${resolution(canvas)}`, `-g${width * FINER}x${height * FINER}`,
    `-sOutputFile=${out}`, path,
  ])
  return averaged(PNG.sync.read(readFileSync(out)), width, height)
}

/** Paints a PDF with poppler on the very pixels of our PNG. */
export function paintWithPoppler(bytes: Uint8Array, canvas: Canvas, folder: string): PNG {
  const { width, height } = canvas
  const path = join(folder, 'painted.pdf')
  writeFileSync(path, bytes)
  const [across = '', down = ''] = resolution(canvas).split('x')
  execFileSync('pdftoppm', ['-png', '-singlefile', '-thinlinemode', 'shape', '-rx', across, '-ry', down, '-x', '0', '-y', '0', '-W', String(width * FINER), '-H', String(height * FINER), path, join(folder, 'poppler')])
  return averaged(PNG.sync.read(readFileSync(join(folder, 'poppler.png'))), width, height)
}
