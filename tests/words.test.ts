import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = [
  'contract',
  'engine',
  'figures',
  'lab',
  'main',
  'preload',
  'renderer',
  'cli',
  'bench',
  'docs',
  'examples',
  'tests',
] as const

/** Words of the program's early dialect with the usual ones (docs/GLOSSARY.md); they may not come back in code, comments, texts or pages. */
const INSTEAD = {
  sitting: 'session',
  sittings: 'sessions',
  wish: 'request',
  wishes: 'requests',
  anew: 'again',
  spoilt: 'damaged, not finite',
  hairs: 'crosshair',
  reckons: 'estimates',
  useAsk: 'useQuery',
  RestingLayer: 'FrozenLayer',
  startSitting: 'startSession',
  SweepSitting: 'SweepSession',
  told: 'reported',
  tells: 'reports, shows, says',
  stands: 'is',
  rests: 'is frozen',
  shelf: 'dataset store, model registry',
  underWay: 'inProgress',
  'under way': 'in progress',
  'so many': 'that many',
  figurePress: 'figureExport',
  harmless: 'certified',
} as const

const pattern = new RegExp(`\\b(${Object.keys(INSTEAD).join('|')})\\b`, 'g')

/** Occurrences with file, line and the word to use instead. */
function found(text: string, name: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(pattern)].map(
        ([word]) => `${name}:${index + 1}: ${word}; use ${INSTEAD[word as keyof typeof INSTEAD]}`,
      ),
    )
}

describe('plain words', () => {
  it('are recognised as whole words', () => {
    expect(found('one sitting\nhis wishes, wishful', 'x')).toEqual([
      'x:1: sitting; use session',
      'x:2: wishes; use requests',
    ])
  })
  it.each(FOLDERS)('%s has none of the words that were given up', (folder) => {
    const files = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|vue|mjs|md|css|py)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
    expect(files.length).toBeGreaterThan(0)
    // The glossary names what is not said any more, and this file lists it.
    const own = ['docs/GLOSSARY.md', 'tests/words.test.ts']
    expect(
      files
        .filter((file) => !own.includes(relative(ROOT, file)))
        .flatMap((file) => found(readFileSync(file, 'utf8'), relative(ROOT, file))),
    ).toEqual([])
  })
})
