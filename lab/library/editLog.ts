import { dirname } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../contract/index.js'
import type { EditState, EditSummary } from '../../contract/library/edits.js'
import { appendLines, mendLastLine, readLines } from '../archive/lines.js'
import { makeFolder } from '../files/folders.js'
import { createTurns } from '../inTurn.js'
import type { CellChange, LabelCells } from './cells.js'

const VERSION = 1
const value = z.union([z.string(), z.boolean(), z.null()])
const header = z.object({ version: z.number() })
const line = z.union([
  z.object({
    sequence: z.int().min(1),
    at: z.string(),
    text: z.string(),
    changes: z.array(z.object({ key: z.string(), ids: z.array(z.string()), before: value, after: value })),
  }),
  z.object({ at: z.string(), undo: z.int().min(1) }),
  z.object({ at: z.string(), redo: z.int().min(1) }),
])
type Line = z.infer<typeof line>
type Edit = EditSummary & { changes: readonly CellChange[] }

/** The edits of a library in their order, on disk as lines that are only ever appended. */
export interface EditLog {
  /** Stores an edit, durably, and carries it out. Changes that change nothing are left out; null when none is left. */
  add(text: string, changes: readonly CellChange[]): Promise<EditSummary | null>
  /**
   * Takes an edit back; cells that a later edit changed stay.
   *
   * @param sequence - null for the last edit that is not undone
   * @returns the edit, the ids whose cells changed, and the number of cells that a later edit holds
   * @throws LabError `library.nothingToUndo`
   */
  undo(sequence: number | null): Promise<{ edit: EditSummary; ids: string[]; kept: number }>
  /** Carries out the edit that was undone last; a new edit ends this. @throws LabError `library.nothingToUndo` */
  redo(): Promise<{ edit: EditSummary; ids: string[]; kept: number }>
  state(): EditState
  /** The newest first. */
  history(count: number): EditSummary[]
  /** Lines that could not be read; they stay in the file. */
  readonly damaged: number
}

const summary = ({ sequence, at, text, undone, runs }: Edit): EditSummary => ({ sequence, at, text, undone, runs })

/** Edits in memory: what is undone, and what comes next. */
function createHistory(cells: LabelCells): {
  take(entry: Line): { ids: string[]; kept: number }
  edits: Map<number, Edit>
  next(): number
  state(): EditState
} {
  const edits = new Map<number, Edit>()
  /** Undone edits, the last one at the end; a new edit empties it. */
  let undone: number[] = []
  const apply = (changes: readonly CellChange[], back: boolean): { ids: string[]; kept: number } => {
    const ids = new Set<string>()
    let kept = 0
    for (const { key, ids: of, before, after } of back ? [...changes].reverse() : changes)
      for (const id of of) {
        if (back ? cells.replace(id, key, after, before) : cells.replace(id, key, before, after)) ids.add(id)
        else kept += 1
      }
    return { ids: [...ids], kept }
  }
  return {
    edits,
    next: () => Math.max(0, ...[...edits.keys()].slice(-1)) + 1,
    take: (entry) => {
      if ('changes' in entry) {
        undone = []
        const runs = new Set(entry.changes.flatMap(({ ids }) => ids)).size
        edits.set(entry.sequence, { ...entry, undone: false, runs })
        return apply(entry.changes, false)
      }
      const sequence = 'undo' in entry ? entry.undo : entry.redo
      const edit = edits.get(sequence)
      if (edit === undefined) return { ids: [], kept: 0 }
      edit.undone = 'undo' in entry
      undone = undone.filter((other) => other !== sequence)
      if (edit.undone) undone.push(sequence)
      return apply(edit.changes, edit.undone)
    },
    state: () => {
      const last = [...edits.values()].reverse().find((edit) => !edit.undone)
      const again = edits.get(undone.at(-1) ?? 0)
      return {
        undo: last === undefined ? null : summary(last),
        redo: again === undefined ? null : summary(again),
        count: edits.size,
      }
    },
  }
}

/**
 * Opens the log and carries its edits out.
 *
 * @param path - `library/edits.jsonl`; need not exist
 * @param cells - receive the edits
 * @throws LabError `archive.newerVersion`, `file.unreadable`
 */
export async function openEditLog(
  path: string,
  cells: LabelCells,
  { readOnly, now = () => new Date().toISOString() }: { readOnly: boolean; now?: () => string },
): Promise<EditLog> {
  if (!readOnly) await mendLastLine(path)
  const { lines, dropped } = await readLines(path)
  const { version = VERSION } = header.safeParse(lines[0]).data ?? {}
  if (version > VERSION)
    throw new LabError('archive.newerVersion', `${path} has version ${version}; this program reads ${VERSION}`, {
      path,
    })
  const history = createHistory(cells)
  let damaged = dropped
  for (const stored of lines.slice(header.safeParse(lines[0]).success ? 1 : 0)) {
    const entry = line.safeParse(stored)
    if (entry.success) history.take(entry.data)
    else damaged += 1
  }
  const turn = createTurns()
  let begun = lines.length > 0
  const store = async (entry: Line): Promise<{ ids: string[]; kept: number }> => {
    if (!begun) await makeFolder(dirname(path))
    await appendLines(path, begun ? [entry] : [{ version: VERSION }, entry])
    begun = true
    return history.take(entry)
  }
  const nothing = (what: string): LabError => new LabError('library.nothingToUndo', what)
  const edited = (sequence: number): Edit => {
    const edit = history.edits.get(sequence)
    if (edit === undefined) throw nothing(`the library has no edit ${sequence}`)
    return edit
  }
  return {
    damaged,
    state: history.state,
    history: (count) => [...history.edits.values()].slice(-count).reverse().map(summary),
    add: (text, changes) =>
      turn(async () => {
        const effective = changes
          .map((change) => ({
            ...change,
            ids: change.ids.filter(
              (id) => cells.get(id, change.key) === change.before && change.before !== change.after,
            ),
          }))
          .filter(({ ids }) => ids.length > 0)
        if (effective.length === 0) return null
        const sequence = history.next()
        await store({ sequence, at: now(), text, changes: effective })
        return summary(edited(sequence))
      }),
    undo: (sequence) =>
      turn(async () => {
        const wanted = sequence ?? history.state().undo?.sequence
        if (wanted === undefined) throw nothing('there is no edit to undo')
        if (edited(wanted).undone) throw nothing(`edit ${wanted} is undone already`)
        const done = await store({ at: now(), undo: wanted })
        return { edit: summary(edited(wanted)), ...done }
      }),
    redo: () =>
      turn(async () => {
        const { redo } = history.state()
        if (redo === null) throw nothing('there is no edit to redo')
        const done = await store({ at: now(), redo: redo.sequence })
        return { edit: summary(edited(redo.sequence)), ...done }
      }),
  }
}
