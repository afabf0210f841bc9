import { flushPromises } from '@vue/test-utils'
import { vi } from 'vitest'

/** What plots were given to draw, in their order; happy-dom has no canvas that ECharts could draw on. */
export const drawnOptions: {
  series?: readonly Record<string, unknown>[]
  yAxis?: Record<string, unknown>
  xAxis?: Record<string, unknown>
}[] = []

let drawings = 0
const QUIET_MS = 120

/** Waits until no plot has been drawn for a while: plots wait for frames, one a frame, however busy the machine is. */
export async function plotsSettled(): Promise<void> {
  let before = -1
  while (before !== drawings) {
    before = drawings
    await flushPromises()
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  }
  await flushPromises()
}

/** ECharts without its canvas: keeps the last option of every plot and maps values to pixels one to one. */
export function stillEngine(): Record<string, unknown> {
  return {
    init: () => {
      const place = drawnOptions.push({}) - 1
      return {
        setOption: (option: (typeof drawnOptions)[number]) => {
          drawnOptions[place] = option
          drawings += 1
        },
        resize: vi.fn(),
        getHeight: () => 400,
        dispose: () => {
          drawnOptions[place] = {}
        },
        containPixel: () => true,
        convertToPixel: (_finder: unknown, value: number) => value,
        convertFromPixel: (_finder: unknown, pixel: number) => pixel,
      }
    },
  }
}
