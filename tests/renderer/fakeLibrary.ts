import type {
  CommandInput,
  CommandName,
  CommandOutput,
  Events,
  ExperimentSpec,
  RunRecord,
} from '../../contract/index.js'
import type { EditState, EditSummary, LibraryEdit, SavedView } from '../../contract/library/edits.js'
import type { RunSummary } from '../../contract/library/summary.js'
import { createCells, initialValue, labelsOf, VIEWS_ID, type CellChange } from '../../lab/library/cells.js'
import { comparedGroups } from '../../lab/compare/groups.js'
import { comparisonOf } from '../../lab/compare/runs.js'
import { changesOf } from '../../lab/library/changesOf.js'
import { flattened } from '../../lab/library/flatten.js'
import { createLibrary } from '../../lab/library/library.js'

/** Commands that need files are given by the tests that use them. */
type FileCommand = 'library.export' | 'library.import' | 'library.imports' | 'library.imported' | 'library.curves'
type LibraryName = Exclude<Extract<CommandName, `library.${string}` | 'compare.groups' | 'compare.runs'>, FileCommand>
type LibraryAnswers = {
  [Name in LibraryName]: (input: CommandInput<Name>) => Promise<CommandOutput<Name>>
}

/** What the library reads of a test's lab. */
export interface FakeLibrarySources {
  records(): Promise<readonly RunRecord[]>
  spec(id: string): Promise<ExperimentSpec | null>
  changed(payload: Events['library.changed']): void
  summary?: (id: string) => RunSummary
}

/** The lab's own table, cells, columns and edits over the records of a test; only the history lies in memory. */
export function fakeLibrary({ records, spec, changed, summary = () => ({}) }: FakeLibrarySources): LibraryAnswers {
  let known: RunRecord[] = []
  const settings = new Map<string, ReturnType<typeof flattened> | null>()
  const cells = createCells((id, key) =>
    key.startsWith('tag:')
      ? (known.find((record) => record.id === id)?.tags.includes(key.slice(4)) ?? false)
      : initialValue(key),
  )
  const of = (record: Pick<RunRecord, 'id' | 'tags'>) => labelsOf(cells, record.id, record.tags)
  const log: { summary: EditSummary; changes: readonly CellChange[] }[] = []
  const state = (): EditState => ({
    undo: log.findLast(({ summary: { undone } }) => !undone)?.summary ?? null,
    redo: log.find(({ summary: { undone } }) => undone)?.summary ?? null,
    count: log.length,
  })
  const library = createLibrary({
    source: {
      list: async () => (known = [...(await records())].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))),
    },
    labels: {
      of,
      shown: (record) => ({ ...record, name: of(record).name ?? record.name, tags: [...of(record).tags] }),
      views: () => ({}),
      edit: () => Promise.reject(new Error('edits of the fake library are made below')),
      undo: () => Promise.reject(new Error('edits of the fake library are made below')),
      redo: () => Promise.reject(new Error('edits of the fake library are made below')),
      state,
      history: () => [],
    },
    settings: {
      of: (id) => settings.get(id) ?? null,
      forget: (id) => settings.delete(id),
      load: async (ids) => {
        const missing = ids.filter((id) => !settings.has(id))
        for (const id of missing) {
          const own = await spec(id)
          settings.set(id, own === null ? null : flattened(own))
        }
        return missing.length > 0
      },
    },
    curves: {
      of: summary,
      waiting: 0,
      touch: () => undefined,
      load: async () => false,
      atEpoch: () => () => null,
      loadEpoch: async () => undefined,
      thinned: async (ids) => ids.map(() => Float64Array.of(0.1, 0.2, 0.3)),
    },
    probes: { of: () => null, load: async () => false },
  })
  const report = (changes: readonly CellChange[]): void => {
    library.touch([])
    changed({ ids: changes.flatMap(({ ids }) => ids).filter((id) => id !== VIEWS_ID), state: state() })
  }
  const turn = (place: number, undone: boolean) => {
    const entry = log[place]
    if (entry === undefined) throw new Error('nothing to undo')
    for (const { key, ids, before, after } of entry.changes)
      for (const id of ids) cells.replace(id, key, undone ? after : before, undone ? before : after)
    entry.summary = { ...entry.summary, undone }
    report(entry.changes)
    return { edit: entry.summary, kept: 0, state: state() }
  }
  const edit = async (request: LibraryEdit) => {
    const { text, changes } = changesOf(request, cells, new Date().toISOString())
    if (changes.length === 0) return { edit: null, kept: 0, state: state() }
    for (const { key, ids, before, after } of changes) for (const id of ids) cells.replace(id, key, before, after)
    const runs = new Set(changes.flatMap(({ ids }) => ids)).size
    const made = { sequence: log.length + 1, at: new Date().toISOString(), text, undone: false, runs }
    log.push({ summary: made, changes })
    report(changes)
    return { edit: made, kept: 0, state: state() }
  }
  return {
    'library.table': async ({ wait = false, ...request }) => {
      // The records of a test may change between two requests.
      library.touch([])
      return library.table(request, wait)
    },
    'library.cells': ({ lines, columns, wait = false }) => library.cells(lines, columns, wait),
    'library.columns': ({ search, count }) => library.columns(search, count),
    'library.sparklines': ({ ids, name, points }) => library.curves(ids, name, points),
    'compare.groups': (request) => comparedGroups({ library }, request),
    'compare.runs': (request) => {
      library.touch([])
      return comparisonOf(
        {
          library,
          isThere: async (id) => (await records()).some((record) => record.id === id),
          attacks: async () => ({ available: [], read: () => null }),
        },
        request,
        new AbortController().signal,
      )
    },
    'library.edit': edit,
    'library.undo': async ({ sequence }) =>
      turn(sequence === null ? log.findLastIndex(({ summary: { undone } }) => !undone) : sequence - 1, true),
    'library.redo': async () =>
      turn(
        log.findIndex(({ summary: { undone } }) => undone),
        false,
      ),
    'library.history': async ({ count }) => ({
      edits: log
        .map(({ summary: each }) => each)
        .reverse()
        .slice(0, count),
      state: state(),
    }),
    'library.views': async () =>
      Object.fromEntries(
        [...cells.of(VIEWS_ID)].flatMap(([key, value]) =>
          typeof value === 'string' ? [[key.slice('view:'.length), JSON.parse(value) as SavedView]] : [],
        ),
      ),
    'library.emptyTrash': async ({ ids }) => {
      const trashed = known.filter((record) => of(record).trashedAt !== null).map(({ id }) => id)
      return trashed.filter((id) => ids === null || ids.includes(id))
    },
  }
}
