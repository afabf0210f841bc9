import { ref, shallowRef, type Ref } from 'vue'
import type { ECharts } from './engine.js'

/** An end of the fit window on a plot. */
export interface WindowHandle {
  /** CSS pixels from the plot's left edge. */
  x: number
  name: string
  rank: number
}

/**
 * The fit window of a spectrum as two handles over its plot: placed after each drawing, moved by pointer and keys, never nearer than
 * three ranks.
 *
 * @param window - first and last rank, counted from 1
 * @param most - ranks that can be reached; a window that ends beyond has its handle there
 */
export function useFitWindow(
  window: Ref<readonly [number, number]>,
  most: () => number,
): {
  handles: Ref<WindowHandle[]>
  place(drawn: ECharts, shown: boolean): void
  /** Moves an end by ranks, from the window itself: its handle follows only with the next drawing. */
  step(index: number, by: number): void
  drag(x: number, index: number): void
} {
  const chart = shallowRef<ECharts | null>(null)
  const handles = ref<WindowHandle[]>([])
  const set = (index: number, rank: number): void => {
    const [first, last] = window.value
    const next = Math.round(rank)
    const end = Math.min(last, most())
    window.value =
      index === 0 ? [Math.max(1, Math.min(next, end - 2)), last] : [first, Math.min(most(), Math.max(next, first + 2))]
  }
  return {
    handles,
    step: (index, by) => set(index, Math.max(1, Math.min(window.value[index === 0 ? 0 : 1], most())) + by),
    place: (drawn, shown) => {
      chart.value = drawn
      handles.value = !shown
        ? []
        : window.value.map((rank, index) => {
            const inside = Math.max(1, Math.min(rank, most()))
            return {
              rank: inside,
              name: index === 0 ? 'First rank of the fit' : 'Last rank of the fit',
              x: Number(drawn.convertToPixel({ xAxisIndex: 0 }, inside)),
            }
          })
    },
    drag: (x, index) => {
      const rank = chart.value?.convertFromPixel({ xAxisIndex: 0 }, x)
      if (typeof rank === 'number' && Number.isFinite(rank)) set(index, rank)
    },
  }
}
