import type { RailIconName } from '../icons/railIcons.js'

/** A page of the rail. */
export interface RailPage {
  name: RailIconName
  label: string
  /** Title in the palette. */
  title: string
  to: string
  /** Other paths that belong to it. */
  prefix: string
  /** Groups separated by lines: make, look, keep; the last one is at the bottom. */
  group: 'make' | 'look' | 'keep' | 'foot'
  /** G and then this letter opens it. */
  letter: string
}

/** The first pages also have Ctrl and a digit, unless the browser uses these keys. */
const DIGITS = 9

/** Keys that open a page: G and a letter everywhere; in the program's own window Ctrl and a digit too. */
export function pageKeys(page: RailPage, inBrowser: boolean): string[] {
  const place = RAIL_PAGES.indexOf(page) + 1
  return [...(inBrowser || place > DIGITS ? [] : [`Ctrl ${place}`]), `G ${page.letter}`]
}

/** Pages in the order of the rail. */
export const RAIL_PAGES: readonly RailPage[] = [
  { name: 'home', label: 'Home', title: 'Home', to: '/', prefix: '/', group: 'make', letter: 'H' },
  { name: 'new', label: 'New', title: 'New experiment', to: '/new', prefix: '/new', group: 'make', letter: 'N' },
  { name: 'queue', label: 'Queue', title: 'Queue', to: '/queue', prefix: '/queue', group: 'make', letter: 'Q' },
  { name: 'runs', label: 'Runs', title: 'Runs', to: '/runs', prefix: '/runs', group: 'make', letter: 'R' },
  {
    name: 'compare',
    label: 'Compare',
    title: 'Compare runs',
    to: '/compare',
    prefix: '/compare',
    group: 'look',
    letter: 'C',
  },
  {
    name: 'robustness',
    label: 'Robust',
    title: 'Robustness',
    to: '/robustness',
    prefix: '/robustness',
    group: 'look',
    letter: 'B',
  },
  {
    name: 'plane',
    label: 'Plane',
    title: 'Decision plane',
    to: '/plane',
    prefix: '/plane',
    group: 'look',
    letter: 'P',
  },
  {
    name: 'spectra',
    label: 'Spectra',
    title: 'Spectra',
    to: '/spectra',
    prefix: '/spectra',
    group: 'look',
    letter: 'S',
  },
  { name: 'data', label: 'Data', title: 'Datasets', to: '/data', prefix: '/data', group: 'keep', letter: 'D' },
  { name: 'models', label: 'Models', title: 'Models', to: '/models', prefix: '/models', group: 'keep', letter: 'M' },
  {
    name: 'figures',
    label: 'Figures',
    title: 'Figures',
    to: '/figures',
    prefix: '/figures',
    group: 'keep',
    letter: 'F',
  },
  { name: 'doctor', label: 'Doctor', title: 'Doctor', to: '/doctor', prefix: '/doctor', group: 'foot', letter: 'O' },
  {
    name: 'settings',
    label: 'Settings',
    title: 'Settings',
    to: '/settings',
    prefix: '/settings',
    group: 'foot',
    letter: 'T',
  },
]

/** Whether a path belongs to a page of the rail. */
export function belongsTo(path: string, page: RailPage): boolean {
  return page.prefix === '/' ? path === '/' : path === page.prefix || path.startsWith(`${page.prefix}/`)
}
