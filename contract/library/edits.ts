import { z } from 'zod'
import { LIBRARY_ID } from '../runId.js'

/** Longest texts that an edit may set. */
export const LABEL_LIMITS = { name: 200, tag: 60, note: 10_000, folder: 200, view: 60, query: 2000 } as const
/** Runs of one edit. */
export const MOST_EDITED_RUNS = 100_000

/** A tag, trimmed, without the characters that end a word of a query. */
export const tagText = z
  .string()
  .trim()
  .min(1)
  .max(LABEL_LIMITS.tag)
  .regex(/^[^"\n\r\t]*$/, 'a tag contains no quotation marks, tabs and line breaks')
const folderText = z
  .string()
  .trim()
  .max(LABEL_LIMITS.folder)
  .regex(/^$|^[^/\n\r\t]+(\/[^/\n\r\t]+)*$/, 'a folder is a path such as Thesis/Chapter 3')
const runIds = z.array(z.string().regex(LIBRARY_ID)).min(1).max(MOST_EDITED_RUNS)

/** What a saved view holds; the address of the page in short. */
export const savedView = z.strictObject({
  query: z.string().max(LABEL_LIMITS.query),
  columns: z.array(z.string().max(200)).max(200),
  sort: z.string().max(500),
  groupBy: z.string().max(500),
})
export type SavedView = z.infer<typeof savedView>

/** A change that a user makes to runs of the library, or to its views. */
export const libraryEdit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rename'), ids: runIds, name: z.string().trim().min(1).max(LABEL_LIMITS.name) }),
  z.strictObject({
    kind: z.literal('tag'),
    ids: runIds,
    add: z.array(tagText).max(50),
    remove: z.array(tagText).max(50),
  }),
  z.strictObject({ kind: z.literal('note'), ids: runIds, note: z.string().max(LABEL_LIMITS.note) }),
  z.strictObject({ kind: z.literal('star'), ids: runIds, star: z.boolean() }),
  z.strictObject({ kind: z.literal('move'), ids: runIds, folder: folderText }),
  z.strictObject({ kind: z.literal('trash'), ids: runIds, trashed: z.boolean() }),
  z.strictObject({
    kind: z.literal('view'),
    // A record with this key cannot cross the link.
    name: z
      .string()
      .trim()
      .min(1)
      .max(LABEL_LIMITS.view)
      .refine((name) => name !== '__proto__', 'expected another name than __proto__'),
    /** Null deletes the view. */
    view: savedView.nullable(),
  }),
])
export type LibraryEdit = z.infer<typeof libraryEdit>

/** What users have set of a run; `null` as a name means the name of its specification. */
export interface RunLabels {
  name: string | null
  tags: readonly string[]
  note: string
  star: boolean
  /** A path such as `Thesis/Chapter 3`; empty for none. */
  folder: string
  /** When it was moved to the trash, ISO 8601; null for runs outside it. */
  trashedAt: string | null
}

/** One edit of the history. */
export interface EditSummary {
  /** Its number, from 1. */
  sequence: number
  /** ISO 8601. */
  at: string
  /** Tagged 10 runs reviewer-2 */
  text: string
  undone: boolean
  /** Number of runs that it changed. */
  runs: number
}

/** The end of the history, for the line below the table. */
export interface EditState {
  /** What `library.undo` takes back; null when there is nothing. */
  undo: EditSummary | null
  /** What `library.redo` carries out again; null when there is nothing. */
  redo: EditSummary | null
  count: number
}
