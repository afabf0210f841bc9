import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDERS = ['docs', 'examples', 'tests', '.github']
const pages = [
  ...readdirSync(PROJECT),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
].filter((name) => name.endsWith('.md'))
const LINK = /\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g
/** Paths of the project in backticks: `lab/entry.mjs`, `contract/attacks/`; patterns and examples are left out. */
const PATH =
  /`((?:contract|engine|figures|lab|main|preload|renderer|cli|resources|tests|bench|docs|examples)\/[\w./-]+)`/g
/** Files that docs/ADDING.md makes as examples. */
const MADE = new Set(
  [...readFileSync(join(PROJECT, 'docs/ADDING.md'), 'utf8').matchAll(/^ *`([\w/]+\.(?:ts|vue))`$/gm)].map(
    ([, path = '']) => path,
  ),
)

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(PROJECT, page), 'utf8')
  it('links to files that exist', () => {
    expect(
      [...text.matchAll(LINK)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(PROJECT, dirname(page), target))),
    ).toEqual([])
  })
  it('names files and folders that exist', () => {
    expect(
      [...text.matchAll(PATH)]
        .map(([, target = '']) => target)
        .filter((target) => !MADE.has(target) && !existsSync(join(PROJECT, target))),
    ).toEqual([])
  })
})
