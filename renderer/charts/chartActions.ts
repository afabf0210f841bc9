import { inject, provide, type InjectionKey } from 'vue'

/** What a page knows of a chart besides its numbers. */
export interface ChartActions {
  /** Opens the figure of the paper that shows the same; null where there is none now. */
  openFigure(): (() => void) | null
  /** The command that makes the chart's numbers; null where there is none. */
  command(): string | null
}

const ACTIONS: InjectionKey<ChartActions> = Symbol('chart actions')
const NONE: ChartActions = { openFigure: () => null, command: () => null }

export const provideChartActions = (actions: ChartActions): void => provide(ACTIONS, actions)
export const useChartActions = (): ChartActions => inject(ACTIONS, NONE)
