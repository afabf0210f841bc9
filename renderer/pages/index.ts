import { compare } from './compare/page.js'
import { data } from './data/page.js'
import { doctor } from './doctor/page.js'
import { figures } from './figures/page.js'
import { home } from './home/page.js'
import { runs } from './library/page.js'
import { models } from './models/page.js'
import { newExperiment } from './new/page.js'
import { plane } from './plane/page.js'
import { queue } from './queue/page.js'
import { robustness } from './robustness/page.js'
import { settings } from './settings/page.js'
import { spectra } from './spectra/page.js'
import type { PageDefinition } from './page.js'

/** Every page, in the order of the rail; the first nine also have Ctrl and a digit. */
export const PAGES = [
  home,
  newExperiment,
  queue,
  runs,
  compare,
  robustness,
  plane,
  spectra,
  data,
  models,
  figures,
  doctor,
  settings,
] as const

export type PageName = (typeof PAGES)[number]['name']

/** A definition of any page. */
export type AnyPage = PageDefinition<PageName>

/** The same list for loops. */
export const RAIL_PAGES: readonly AnyPage[] = PAGES

/** Icons of the rail by the names of their pages. */
export const PAGE_ICONS = Object.fromEntries(RAIL_PAGES.map(({ name, icon }) => [name, icon])) as Readonly<
  Record<PageName, string>
>

/** Pages that also have Ctrl and a digit, unless the browser uses these keys. */
const DIGITS = 9

/** Keys that open a page: G and a letter everywhere; in the program's own window Ctrl and a digit too. */
export function pageKeys(page: AnyPage, inBrowser: boolean): string[] {
  const place = RAIL_PAGES.indexOf(page) + 1
  return [...(inBrowser || place > DIGITS ? [] : [`Ctrl ${place}`]), `G ${page.letter}`]
}

/** Whether an address belongs to a page of the rail. */
export function belongsTo(path: string, page: AnyPage): boolean {
  return page.prefix === '/' ? path === '/' : path === page.prefix || path.startsWith(`${page.prefix}/`)
}

/** An address of every page that needs nothing in the archive. */
export const EXAMPLE_ADDRESSES: readonly string[] = RAIL_PAGES.flatMap(({ examples, to, below = [] }) => [
  ...(examples ?? [to]),
  ...below.flatMap(({ example }) => example ?? []),
])
