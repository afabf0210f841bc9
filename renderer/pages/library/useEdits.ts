import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { RunId } from '../../../contract/index.js'
import type { EditState, LibraryEdit } from '../../../contract/library/edits.js'
import { useAction, type Action } from '../../composables/useAction.js'
import { useLink } from '../../composables/useLink.js'

/** Edits of the library, with the end of their history. */
export interface Edits {
  readonly state: Readonly<ShallowRef<EditState | null>>
  /** What the last undo had to leave as it was; empty otherwise. */
  readonly kept: Readonly<ShallowRef<string>>
  readonly action: Action
  edit(edit: LibraryEdit): Promise<boolean>
  /** @param sequence - of one edit; null for the last */
  undo(sequence?: number | null): Promise<boolean>
  redo(): Promise<boolean>
  /** Deletes runs of the trash with their files. */
  emptyTrash(ids: RunId[] | null): Promise<boolean>
}

export function useEdits(): Edits {
  const link = useLink()
  const action = useAction()
  const state = shallowRef<EditState | null>(null)
  const kept = shallowRef('')
  const load = async (): Promise<void> => {
    state.value = (await link.call('library.history', { count: 1 })).state
  }
  void load().catch(() => undefined)
  onScopeDispose(
    link.listen(
      'library.changed',
      ({ state: next }) => (state.value = next),
      () => void load().catch(() => undefined),
    ),
  )
  const done = ({ state: next, kept: count }: { state: EditState; kept: number }): void => {
    state.value = next
    kept.value =
      count === 0 ? '' : `${count} ${count === 1 ? 'value' : 'values'} that were edited later stay as they are.`
  }
  return {
    state,
    kept,
    action,
    edit: (edit) => action.run(async () => done(await link.call('library.edit', edit))),
    undo: (sequence = null) => action.run(async () => done(await link.call('library.undo', { sequence }))),
    redo: () => action.run(async () => done(await link.call('library.redo', null))),
    emptyTrash: (ids) => action.run(() => link.call('library.emptyTrash', { ids })),
  }
}
