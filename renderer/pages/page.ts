/** Keys of a command on a page that the user can change. */
export interface PageShortcut {
  keys: string
  label: string
}

/** A step of the way to a page, with its address unless it is the page itself. */
export interface PagePlace {
  label: string
  to?: string
}

/** A page below another one: `/robustness/new`. */
export interface SubPage {
  /** Name of the route. */
  name: string
  /** Route, such as `/runs/:id/:tab?`; its parameters are the component's properties. */
  path: string
  /** Component, below renderer/pages: `run/RunPage.vue`. */
  component: string
  /** What the way to it ends with. */
  crumb: string
  /** Address that a test of all pages opens; none for a page of something in the archive. */
  example?: string
  /** An address that leads to it, whether or not there is such a thing; needed where parameters of the path have a pattern. */
  sample?: string
  /** Where these shortcuts work, as lists of them say: `Run`. */
  shortcutGroup?: string
  shortcuts?: readonly PageShortcut[]
}

/** A command of the palette that leads to a page. */
export interface PageAction {
  id: string
  label: string
  to: string
  /** The same from a terminal. */
  command?: string
}

/** What a page of the rail says of itself. */
export interface PageParts {
  /** Title in the palette and beside the icon. */
  title: string
  /** Name below the icon, up to eight letters. */
  label: string
  /** Name at the head of the window; the title, unless given. */
  crumb?: string
  /** Route, such as `/data/:kind?`; its parameters are the component's properties. */
  path: string
  /** Where the path without parameters leads, if not to the page itself. */
  redirect?: () => string
  /** Component, below renderer/pages: `data/DataPage.vue`. */
  component: string
  /** Groups of the rail with lines between them: make, look, keep; the last one is at the bottom. */
  group: 'make' | 'look' | 'keep' | 'foot'
  /** G and then this letter opens it. */
  letter: string
  /** SVG on a grid of 24 units, stroked in the current colour. */
  icon: string
  /** The command that shows the same. */
  command?: string
  /** Other words by which the palette finds it. */
  keywords?: readonly string[]
  /** Commands of the palette. */
  actions?: readonly PageAction[]
  /** Addresses that a test of all pages opens; its own, unless given. */
  examples?: readonly string[]
  below?: readonly SubPage[]
  shortcutGroup?: string
  shortcuts?: readonly PageShortcut[]
}

/** The definition of a page, from which router, rail, palette, list of keys and the tests of all pages are derived. */
export interface PageDefinition<Name extends string> extends PageParts {
  readonly name: Name
  /** Its address. */
  readonly to: string
  /** Addresses that belong to it begin with this. */
  readonly prefix: string
}

/**
 * Defines a page of the rail.
 *
 * @param name - of its route and of its icon
 */
export function definePage<const Name extends string>(name: Name, parts: PageParts): PageDefinition<Name> {
  const to = parts.path.replace(/\/:.*$/, '') || '/'
  return { ...parts, name, to, prefix: to }
}
