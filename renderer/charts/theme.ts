import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { cssColour } from './cssColour.js'

/** Colours of charts, as the tokens of the theme in force give them. */
export interface ChartTheme {
  ink1: string
  ink2: string
  ink3: string
  trace: string
  null: string
  fit: string
  grid: string
  axis: string
  plot: string
  live: string
  warn: string
  bad: string
  accent: string
  series: readonly string[]
  dark: boolean
}

function readTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    ink1: token('ink-1'),
    ink2: token('ink-2'),
    ink3: token('ink-3'),
    trace: token('trace'),
    null: token('null'),
    fit: token('fit'),
    grid: token('grid'),
    axis: token('axis'),
    plot: token('plot'),
    live: token('live'),
    warn: token('warn'),
    bad: token('bad'),
    accent: token('accent'),
    series: ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'].map(token),
    dark: style.getPropertyValue('color-scheme').includes('dark'),
  }
}

/** The theme's colours, reloaded when the theme of the app or the system changes. */
export function useChartTheme(): Readonly<ShallowRef<ChartTheme>> {
  const theme = shallowRef(readTheme())
  const refresh = (): void => {
    theme.value = readTheme()
  }
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', refresh)
  const observer = new MutationObserver(refresh)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  onScopeDispose(() => {
    system.removeEventListener('change', refresh)
    observer.disconnect()
  })
  return theme
}

/** A colour token with an opacity, as canvas understands it. */
export function translucent(colour: string, opacity: number): string {
  const parsed = cssColour(colour)
  return parsed === null ? colour : `rgba(${parsed.slice(0, 3).join(', ')}, ${opacity})`
}
