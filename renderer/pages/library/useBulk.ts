import { shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { useRouter } from 'vue-router'
import { isImportedId, type RunId } from '../../../contract/index.js'
import { LABEL_LIMITS, type SavedView } from '../../../contract/library/edits.js'
import { useRunsStore } from '../../stores/runs.js'
import { compareQuery } from '../compare/compareAddress.js'
import type { AskField } from './AskDialog.vue'
import type { BulkAction } from './BulkBar.vue'
import { runsText } from './entries.js'
import type { Edits } from './useEdits.js'

/** A question that is open. */
export interface Question {
  title: string
  description: string
  action: string
  fields: readonly AskField[]
  done(values: Record<string, string>): void
}

/** Actions on the selected runs, and on views. */
export interface Bulk {
  readonly question: ShallowRef<Question | null>
  act(action: BulkAction): void
  saveView(view: SavedView, suggestion: string, saved: (name: string) => void): void
  renameView(name: string, view: SavedView, renamed: (name: string) => void): void
  move(folder: string): void
  tag(tag: string): void
  readonly ids: ComputedRef<readonly RunId[]>
}

const words = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** What the actions need of the page. */
interface BulkParts {
  edits: Edits
  ids: ComputedRef<readonly RunId[]>
  /** Runs of each selected row, which Compare takes as groups. */
  lines(): readonly (readonly RunId[])[]
  /** Whether every selected run is starred. */
  allStarred(): boolean
  /** The note that all selected runs have; empty otherwise. */
  commonNote(): string
  known: { tags(): readonly string[]; folders(): readonly string[] }
  clear(): void
  exportTable(): void
}

export function useBulk({ edits, ids, lines, allStarred, commonNote, known, clear, exportTable }: BulkParts): Bulk {
  const router = useRouter()
  const runs = useRunsStore()
  const question = shallowRef<Question | null>(null)
  const chosen = (): RunId[] => [...ids.value]
  const what = (): string => `Of ${runsText(ids.value.length)}.`
  const rerun = (): void => {
    // Imported runs have no specification.
    const id = ids.value.find((each) => !isImportedId(each)) ?? ''
    const kind = runs.records.get(id)?.kind
    if (kind !== undefined) void router.push(`/new/${kind}?from=${id}`)
  }
  const move = (folder: string): void => void edits.edit({ kind: 'move', ids: chosen(), folder })
  const tag = (add: string[], remove: string[]): void => {
    if (add.length + remove.length > 0) void edits.edit({ kind: 'tag', ids: chosen(), add, remove })
  }
  const askTags = (): void => {
    const field = { limit: 500, isOptional: true, suggestions: known.tags(), value: '' }
    question.value = {
      title: 'Tags',
      description: `${what()} Several tags are separated by commas.`,
      action: 'Set tags',
      fields: [
        { ...field, name: 'add', label: 'Add' },
        { ...field, name: 'remove', label: 'Remove' },
      ],
      done: ({ add, remove }) => tag(words(add), words(remove)),
    }
  }
  const askNote = (): void => {
    const value = commonNote()
    question.value = {
      title: 'Note',
      description: `${what()} It replaces the notes that they have; an empty one removes them.`,
      action: 'Set note',
      fields: [{ name: 'note', label: 'Note', value, limit: LABEL_LIMITS.note, isLong: true, isOptional: true }],
      done: ({ note = '' }) => void edits.edit({ kind: 'note', ids: chosen(), note }),
    }
  }
  const askFolder = (): void => {
    const field = { limit: LABEL_LIMITS.folder, isOptional: true, suggestions: known.folders(), value: '' }
    question.value = {
      title: 'Move to folder',
      description: `${what()} A folder inside another is written as Thesis/Chapter 3; an empty name takes them out.`,
      action: 'Move',
      fields: [{ ...field, name: 'folder', label: 'Folder' }],
      done: ({ folder = '' }) => move(folder.trim()),
    }
  }
  const trash = (trashed: boolean): void => void edits.edit({ kind: 'trash', ids: chosen(), trashed })
  const actions = {
    tag: askTags,
    note: askNote,
    move: askFolder,
    star: () => void edits.edit({ kind: 'star', ids: chosen(), star: !allStarred() }),
    compare: () => void router.push({ path: '/compare', query: compareQuery(lines()) }),
    rerun,
    export: exportTable,
    trash: () => trash(true),
    restore: () => trash(false),
    delete: () => void edits.emptyTrash(chosen()),
    clear,
  } satisfies Record<BulkAction, () => void>
  const askName = (title: string, value: string, done: (name: string) => void): void => {
    question.value = {
      title,
      description: 'A view keeps query, columns, order and groups. One of the same name is replaced.',
      action: 'Save',
      fields: [{ name: 'name', label: 'Name', value, limit: LABEL_LIMITS.view }],
      done: ({ name = '' }) => done(name.trim()),
    }
  }
  return {
    question,
    ids,
    move,
    tag: (name) => tag([name], []),
    act: (action) => {
      if (ids.value.length > 0 || action === 'export') actions[action]()
    },
    saveView: (view, suggestion, saved) =>
      askName('Save as view', suggestion, (name) => {
        void edits.edit({ kind: 'view', name, view }).then((isSaved) => (isSaved ? saved(name) : undefined))
      }),
    renameView: (name, view, renamed) =>
      askName('Rename the view', name, (next) => {
        if (next === name) return
        void edits.edit({ kind: 'view', name: next, view }).then(async (isSaved) => {
          if (isSaved && (await edits.edit({ kind: 'view', name, view: null }))) renamed(next)
        })
      }),
  }
}
