import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { ifMissing } from '../files/missing.js'

/** What is wrong with files of an archive, in sentences for the window and the check list. */
export interface ArchiveProblems {
  /** Adds a sentence; the same one is kept once. */
  add(text: string): void
  list(): string[]
}

/** More sentences than this help nobody. */
const MOST_KEPT = 100

export function createProblems(): ArchiveProblems {
  const texts = new Set<string>()
  return {
    add: (text) => {
      if (texts.size < MOST_KEPT) texts.add(text)
    },
    list: () => [...texts],
  }
}

const ASIDE = /^(.+)\.(damaged|newer)-(\d{8}T\d{6})(-\d+)?\.json$/

/**
 * The name under which a file is kept that cannot be used: `settings.damaged-20261130T101500.json`.
 *
 * @param taken - names that exist
 */
export function asideName(path: string, kind: 'damaged' | 'newer', at: Date, taken: readonly string[]): string {
  const stamp = at.toISOString().replace(/[-:]|\.\d+Z/g, '')
  const stem = `${basename(path).replace(/\.json$/, '')}.${kind}-${stamp}`
  let name = `${stem}.json`
  for (let number = 2; taken.includes(name); number++) name = `${stem}-${number}.json`
  return name
}

/** Files of an archive that were kept under another name, in this session or an earlier one. */
export async function keptAside(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(ifMissing([]))).filter((name) => ASIDE.test(name)).sort()
}
