import { expect, it } from 'vitest'
import { ref } from 'vue'
import { useFitWindow } from '../../../renderer/charts/useFitWindow.js'

it('a fit window counts every step of its handles, also between two drawings', () => {
  const window = ref<readonly [number, number]>([2, 500])
  const { step } = useFitWindow(window, () => 20)
  for (let press = 0; press < 9; press++) step(0, 1)
  expect(window.value).toEqual([11, 500])
  // A window that ends beyond the spectrum has its handle at the last rank.
  step(1, -1)
  expect(window.value).toEqual([11, 19])
  for (let press = 0; press < 20; press++) step(1, -1)
  expect(window.value).toEqual([11, 13])
  for (let press = 0; press < 20; press++) step(0, 1)
  expect(window.value).toEqual([11, 13])
})
