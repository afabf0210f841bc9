import type { RailIconName } from '../icons/railIcons.js'

/** A page of the rail. */
export interface RailPage {
  name: RailIconName
  label: string
  /** What it is for, in the palette. */
  title: string
  to: string
  /** Other paths that belong to it. */
  prefix: string
  /** Hairlines stand between groups: make, look, keep; the last stands at the foot. */
  group: 'make' | 'look' | 'keep' | 'foot'
}

/** Pages in the order of the rail; `Ctrl 1` opens the first. */
export const RAIL_PAGES: readonly RailPage[] = [
  { name: 'home', label: 'Home', title: 'Home', to: '/', prefix: '/', group: 'make' },
  { name: 'new', label: 'New', title: 'New experiment', to: '/new', prefix: '/new', group: 'make' },
  { name: 'queue', label: 'Queue', title: 'Queue', to: '/queue', prefix: '/queue', group: 'make' },
  { name: 'runs', label: 'Runs', title: 'Runs', to: '/runs', prefix: '/runs', group: 'make' },
  { name: 'compare', label: 'Compare', title: 'Compare runs', to: '/compare', prefix: '/compare', group: 'look' },
  { name: 'robustness', label: 'Robust', title: 'Robustness', to: '/robustness', prefix: '/robustness', group: 'look' },
  { name: 'plane', label: 'Plane', title: 'Decision plane', to: '/plane', prefix: '/plane', group: 'look' },
  { name: 'spectra', label: 'Spectra', title: 'Spectra', to: '/spectra', prefix: '/spectra', group: 'look' },
  { name: 'data', label: 'Data', title: 'Datasets', to: '/data', prefix: '/data', group: 'keep' },
  { name: 'models', label: 'Models', title: 'Models', to: '/models', prefix: '/models', group: 'keep' },
  { name: 'figures', label: 'Figures', title: 'Figures', to: '/figures', prefix: '/figures', group: 'keep' },
  { name: 'doctor', label: 'Doctor', title: 'Doctor: what works here', to: '/doctor', prefix: '/doctor', group: 'foot' },
  { name: 'settings', label: 'Settings', title: 'Settings', to: '/settings', prefix: '/settings', group: 'foot' },
]

/** Whether a path belongs to a page of the rail. */
export function belongsTo(path: string, page: RailPage): boolean {
  return page.prefix === '/' ? path === '/' : path === page.prefix || path.startsWith(`${page.prefix}/`)
}
