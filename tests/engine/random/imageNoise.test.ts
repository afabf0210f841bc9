import { describe, expect, it } from 'vitest'
import { philox4x32 } from '../../../engine/random/index.js'
import { fillNoisyImage } from '../../../engine/random/imageNoise.js'
import { purposeKey } from '../../../engine/random/stream.js'

const f = Math.fround
const bits = new DataView(new ArrayBuffer(4))
const bitsOf = (value: number): number => {
  bits.setFloat32(0, value)
  return bits.getInt32(0)
}
const floatOf = (value: number): number => {
  bits.setInt32(0, value)
  return bits.getFloat32(0)
}
/** A polynomial with every product and sum rounded to float32. */
const horner = (x: number, ...coefficients: number[]): number =>
  coefficients.map(f).reduce((sum, next) => f(f(sum * x) + next))

function logarithm(u: number): number {
  const exponent = (bitsOf(u) - 0x3f3504f3) >> 23
  const m = f(floatOf(bitsOf(u) - (exponent << 23)) - 1)
  const z = f(m * m)
  let y = horner(
    m,
    7.0376836292e-2,
    -1.151461031e-1,
    1.167699874e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
  )
  y = f(f(y * m) * z)
  y = f(y + f(exponent * f(-2.1219444e-4)))
  y = f(y - f(z * 0.5))
  return f(f(m + y) + f(exponent * f(0.693359375)))
}

/** The kernel, one number at a time in plain arithmetic. */
function plainPair(a: number, b: number): [number, number] {
  const step = f(1.1920928955078125e-7)
  const radius = f(Math.sqrt(f(-2 * logarithm(f(f((a >>> 9) + 0.5) * step)))))
  const x = f(f(f(((b << 2) >>> 9) * step) - 0.5) * f(Math.PI / 2))
  const z = f(x * x)
  const s = f(f(f(horner(z, -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1) * z) * x) + x)
  const c = f(
    f(f(f(horner(z, 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2) * z) * z) - f(z * 0.5)) + 1,
  )
  const quarter = b >>> 30
  const [cosine, sine] = [
    [c, s],
    [-s, c],
    [-c, -s],
    [s, -c],
  ][quarter] as [number, number]
  return [f(radius * cosine), f(radius * sine)]
}

function plainNoise(count: number, seed: number, size: number, image: number): Float32Array {
  const numbers = new Float32Array(Math.ceil(count / 16) * 16)
  for (let block = 0; block < numbers.length / 4; block++) {
    const words = Uint32Array.of(block, 0, size, image)
    philox4x32(words, seed, purposeKey('image noise'))
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words
    const at = Math.floor(block / 4) * 16 + (block % 4)
    const four = [...plainPair(w0, w2), ...plainPair(w1, w3)]
    four.forEach((value, place) => {
      numbers[at + 4 * place] = value
    })
  }
  return numbers.slice(0, count)
}

/** Noise alone: that of a black image, at size 1. */
function noiseOf(count: number, seed: number, size: number, image: number): Float32Array {
  const noise = new Float32Array(count)
  fillNoisyImage(noise, new Float32Array(count), 1, seed, size, image)
  return noise
}

describe('noise of images', () => {
  it('has the bits of the plain arithmetic, for lengths that are no multiple of sixteen too', () => {
    for (const [count, seed, size, image] of [
      [48, 0, 0, 0],
      [3072, 7, 399, 9999],
      [101, 0xffffffff, 12, 3],
    ] as const) {
      const noise = noiseOf(count, seed, size, image)
      expect(Buffer.from(noise.buffer).equals(Buffer.from(plainNoise(count, seed, size, image).buffer))).toBe(true)
    }
  })

  it('on an image has the bits of x + ε z, rounded at every step', () => {
    for (const count of [48, 101]) {
      const image = Float32Array.from({ length: count }, (_, at) => Math.sin(at))
      const noise = plainNoise(count, 7, 3, 12)
      const noisy = new Float32Array(count)
      fillNoisyImage(noisy, image, 0.1, 7, 3, 12)
      expect([...noisy]).toEqual([
        ...image.map((value, at) => Math.fround(value + Math.fround(Math.fround(0.1) * (noise[at] as number)))),
      ])
    }
  })

  it('is standard normal: moments, tails and independence of neighbours within four standard errors', () => {
    const count = 400_000
    const noise = noiseOf(count, 5, 1, 2)
    const moment = (power: number): number => noise.reduce((sum, value) => sum + value ** power, 0) / count
    const tolerance = 4 / Math.sqrt(count)
    expect(Math.abs(moment(1))).toBeLessThan(tolerance)
    expect(Math.abs(moment(2) - 1)).toBeLessThan(tolerance * Math.sqrt(2))
    expect(Math.abs(moment(3))).toBeLessThan(tolerance * Math.sqrt(15))
    expect(Math.abs(moment(4) - 3)).toBeLessThan(tolerance * Math.sqrt(96))
    // P(|z| > 2) = 0.0455003
    expect(Math.abs(noise.filter((value) => Math.abs(value) > 2).length / count - 0.0455003)).toBeLessThan(
      tolerance * Math.sqrt(0.0455),
    )
    for (const lag of [1, 4, 8, 16])
      expect(Math.abs(noise.reduce((sum, value, at) => sum + value * (noise[at + lag] ?? 0), 0) / count)).toBeLessThan(
        tolerance,
      )
  })

  it('differs between seeds, sizes and images', () => {
    const draw = (...key: [number, number, number]): string => noiseOf(16, ...key).join()
    expect(new Set([draw(1, 0, 0), draw(2, 0, 0), draw(1, 1, 0), draw(1, 0, 1)]).size).toBe(4)
    expect(draw(1, 2, 3)).toBe(draw(1, 2, 3))
  })
})
