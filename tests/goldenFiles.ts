import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

/** An array of a golden file; `null` means NaN. */
export interface GoldenArray {
  shape: number[]
  dtype: string
  data: (number | boolean | null)[]
}

/** Reads a golden file; its form is the caller's to know (tests/golden/README.md). */
export function goldenFile<Form>(name: string): Form {
  return JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8')) as Form
}

const numbers = (array: GoldenArray): number[] => array.data.map((value) => (value === null ? NaN : Number(value)))

export const float32Of = (array: GoldenArray): Float32Array => Float32Array.from(numbers(array))
export const float64Of = (array: GoldenArray): Float64Array => Float64Array.from(numbers(array))

/** Turns the original's d x H into our units x inputs. */
export function unitsByInputs(array: GoldenArray): Float32Array {
  const [inputs = 0, units = 0] = array.shape
  const values = numbers(array)
  return Float32Array.from(
    { length: inputs * units },
    (_, index) => values[(index % inputs) * units + Math.floor(index / inputs)] ?? NaN,
  )
}

/** Largest difference, relative to the largest magnitude of the expected array, with 1e-6 absolute (tests/golden/README.md). */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, relative: number): void {
  expect(actual.length).toBe(expected.length)
  let largest = 0
  let difference = 0
  for (let index = 0; index < expected.length; index++) {
    largest = Math.max(largest, Math.abs(expected[index] ?? NaN))
    difference = Math.max(difference, Math.abs((actual[index] ?? NaN) - (expected[index] ?? NaN)))
  }
  expect(difference).toBeLessThanOrEqual(relative * largest + 1e-6)
}
