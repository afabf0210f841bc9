/** A row of docs/SOURCES.md: what a section is about, and its equation. */
export interface SourceEntry {
  topic: string
  /** Empty for sections without one. */
  equation: string
  /** Where it is implemented, as written. */
  files: string[]
}

/** Sections of a cell: `2.6`, `3.3, 3.4`, `3.1-3.3`. */
function sectionsOf(cell: string): string[] {
  return cell
    .split(',')
    .map((part) => part.trim())
    .flatMap((part) => {
      const [, major, from, to] = /^(\d+)\.(\d+)-\d+\.(\d+)$/.exec(part) ?? []
      if (major === undefined) return [part]
      return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => `${major}.${Number(from) + index}`)
    })
}

/** The first table of docs/SOURCES.md by section; a section may have several rows. */
export function parseSources(markdown: string): Map<string, SourceEntry[]> {
  const entries = new Map<string, SourceEntry[]>()
  for (const line of markdown.split('\n')) {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    const [sections = '', topic = '', equation = '', files = ''] = cells
    if (cells.length !== 4 || !/^\d/.test(sections)) continue
    for (const section of sectionsOf(sections)) {
      const known = entries.get(section) ?? []
      entries.set(section, [
        ...known,
        {
          topic,
          equation: equation.replaceAll('`', ''),
          files: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
        },
      ])
    }
  }
  return entries
}

/** The rows of a section, or of all its parts where it has none of its own. */
export const entriesOf = (sources: ReadonlyMap<string, SourceEntry[]>, section: string): SourceEntry[] =>
  sources.get(section) ?? [...sources].flatMap(([part, entries]) => (part.startsWith(`${section}.`) ? entries : []))

let sources: Promise<Map<string, SourceEntry[]>> | null = null

/** docs/SOURCES.md, loaded when the first section is opened. */
export const loadSources = (): Promise<Map<string, SourceEntry[]>> =>
  (sources ??= import('../../docs/SOURCES.md?raw').then((file) => parseSources((file as { default: string }).default)))
