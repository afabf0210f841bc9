import type { EChartsCoreOption } from './engine.js'
import type { ChartTheme } from './theme.js'
import { plainLabel, powerLabel, smallLogTicks } from './ticks.js'

/** An axis of a plot. */
export interface AxisOptions {
  scale: 'linear' | 'log'
  min: number
  max: number
  /** Ticks on a linear axis, about. */
  splits?: number
}

function axis(theme: ChartTheme, options: AxisOptions, along: 'x' | 'y'): EChartsCoreOption {
  const log = options.scale === 'log'
  const decades = log ? Math.log10(options.max / options.min) : 0
  // Below two decades, powers of ten alone would leave too few labels.
  const few = log && decades < 1.99 ? { customValues: smallLogTicks(options.min, options.max) } : {}
  return {
    type: log ? 'log' : 'value',
    min: options.min,
    max: options.max,
    splitNumber: log ? Math.min(5, Math.max(2, Math.round(decades))) : (options.splits ?? (along === 'x' ? 6 : 4)),
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.axis, width: 1 } },
    axisTick: { show: true, length: 4, ...few, lineStyle: { color: theme.axis } },
    minorTick: {
      show: log && decades <= 4.01 && decades >= 1.99,
      splitNumber: 9,
      length: 2,
      lineStyle: { color: theme.axis },
    },
    splitLine: along === 'y' ? { show: true, lineStyle: { color: theme.grid } } : { show: false },
    axisLabel: {
      color: theme.ink3,
      fontSize: 11,
      fontFamily: 'Inter Variable, Inter, system-ui, sans-serif',
      hideOverlap: true,
      showMaxLabel: log || along === 'y' ? null : true,
      formatter: log && decades >= 1.99 ? powerLabel : plainLabel,
      margin: 7,
      ...few,
    },
  }
}

/** The common part of every plot: one grid, two axes, no animation, no legend, no tooltip. */
export function plotBase(
  theme: ChartTheme,
  x: AxisOptions,
  y: AxisOptions,
  room: { left?: number; right?: number; top?: number } = {},
): EChartsCoreOption {
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: 'Inter Variable, Inter, system-ui, sans-serif' },
    grid: { left: room.left ?? 38, right: room.right ?? 14, top: room.top ?? 8, bottom: 22, containLabel: false },
    xAxis: axis(theme, x, 'x'),
    yAxis: axis(theme, y, 'y'),
  }
}
