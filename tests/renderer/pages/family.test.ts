// @vitest-environment happy-dom
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXAMPLE_ADDRESSES, PAGE_ICONS, RAIL_PAGES, belongsTo, pageKeys } from '../../../renderer/pages/index.js'
import { createPages } from '../../../renderer/router.js'
import { findEntries, paletteEntries } from '../../../renderer/shell/paletteEntries.js'
import { CHANGEABLE } from '../../../renderer/shell/shortcutList.js'

const FOLDER = join(process.cwd(), 'renderer/pages/')
const router = createPages()
const entries = paletteEntries(router, [], [], [])

describe.each(RAIL_PAGES.map((page) => [page.name, page] as const))('the page %s', (name, page) => {
  it('has a component, a title, a short label and a letter of its own', () => {
    for (const { component } of [page, ...(page.below ?? [])])
      expect(existsSync(FOLDER + component), component).toBe(true)
    for (const key of ['title', 'label', 'letter', 'path', 'component'] as const)
      expect(RAIL_PAGES.filter((other) => other[key] === page[key])).toHaveLength(1)
    expect(page.label.length).toBeLessThanOrEqual(8)
    expect(page.letter).toMatch(/^[A-Z]$/)
  })
  it('has an icon of plain shapes, which needs no colour of its own', () => {
    expect(PAGE_ICONS[name].replace(/<(path|rect|circle)( [a-z-]+="[^"<>]*")+\/>/g, '')).toBe('')
    expect(PAGE_ICONS[name]).not.toMatch(/stroke=|fill=|style=|on[a-z]+=/)
  })
  it('is opened by its address, and belongs to itself alone', () => {
    expect([name, ...(page.redirect === undefined ? [] : [undefined])]).toContain(router.resolve(page.to).name)
    expect(RAIL_PAGES.filter((other) => belongsTo(page.to, other))).toEqual([page])
    for (const { path, name: below, sample } of page.below ?? []) {
      const address = sample ?? path.replace(/:\w+(\([^)]*\))?\??/g, 'r-0123')
      expect(router.resolve(address).name, address).toBe(below)
      expect(belongsTo(address, page)).toBe(true)
    }
  })
  it('has keys, and is in the palette with them and with its commands', () => {
    const [entry] = entries.filter(({ id }) => id === `page:${name}`)
    expect(entry).toMatchObject({ label: `Go to ${page.title}`, icon: name, keys: pageKeys(page, true)[0] })
    expect(entry?.command).toBe(page.command)
    for (const { id, label } of page.actions ?? [])
      expect(entries.filter((each) => each.id === id)).toMatchObject([{ label, group: 'Commands', icon: name }])
  })
  it('is found by each of its other words', () => {
    for (const word of page.keywords ?? [])
      expect(
        findEntries(entries, word).flatMap(({ entries: found }) => found.map(({ id }) => id)),
        word,
      ).toContain(`page:${name}`)
  })
  it('lists its shortcuts under a place, each once', () => {
    for (const { shortcutGroup, shortcuts = [] } of [page, ...(page.below ?? [])])
      for (const { keys } of shortcuts)
        expect(CHANGEABLE.filter((each) => each.group === shortcutGroup && each.keys === keys)).toHaveLength(1)
  })
})

describe('addresses that tests of all pages open', () => {
  it('lead to pages', () => {
    expect(EXAMPLE_ADDRESSES.length).toBeGreaterThanOrEqual(RAIL_PAGES.length)
    for (const address of EXAMPLE_ADDRESSES) expect(router.resolve(address).name, address).not.toBe('missing')
  })
  it('cover every page of the rail', () => {
    for (const page of RAIL_PAGES)
      expect(
        EXAMPLE_ADDRESSES.some((address) => belongsTo(address, page)),
        page.name,
      ).toBe(true)
  })
})
