import { vi } from 'vitest'

/** What plots were given to draw, in their order; happy-dom has no canvas that ECharts could draw on. */
export const drawnOptions: { series?: readonly Record<string, unknown>[]; yAxis?: Record<string, unknown>; xAxis?: Record<string, unknown> }[] = []

/** ECharts without its canvas: keeps the last option of every plot and maps values to pixels one to one. */
export function stillEngine(): Record<string, unknown> {
  return {
    init: () => {
      const place = drawnOptions.push({}) - 1
      return {
        setOption: (option: (typeof drawnOptions)[number]) => { drawnOptions[place] = option },
        resize: vi.fn(), getHeight: () => 400, dispose: () => { drawnOptions[place] = {} }, containPixel: () => true,
        convertToPixel: (_finder: unknown, value: number) => value, convertFromPixel: (_finder: unknown, pixel: number) => pixel,
      }
    },
  }
}
