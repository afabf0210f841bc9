import { useShortcuts } from '../../composables/useShortcuts.js'
import type { BulkAction } from './BulkBar.vue'

/** What the keys of the page reach. */
export interface LibraryKeys {
  act(action: BulkAction): void
  selected(): number
  inTrash(): boolean
  /** Presses the button that deletes for good. */
  remove(): void
  undo(): void
  redo(): void
  pickColumns(): void
}

const isTyping = (): boolean => ['INPUT', 'TEXTAREA'].includes(document.activeElement?.tagName ?? '')

/** The keys of the library besides those of its table. */
export function useLibraryShortcuts({ act, selected, inTrash, remove, undo, redo, pickColumns }: LibraryKeys): void {
  const any = (): boolean => selected() > 0
  const some = (): boolean => any() && !inTrash()
  const several = (): boolean => selected() > 1 && !inTrash()
  const trash = (): void => (inTrash() ? remove() : act('trash'))
  useShortcuts([
    { keys: 'T', label: 'Tag the selected runs', group: 'Runs', run: () => act('tag'), when: some },
    { keys: 'N', label: 'Set the note of the selected runs', group: 'Runs', run: () => act('note'), when: some },
    { keys: 'M', label: 'Move the selected runs to a folder', group: 'Runs', run: () => act('move'), when: some },
    { keys: 'S', label: 'Star the selected runs', group: 'Runs', run: () => act('star'), when: some },
    { keys: 'C', label: 'Compare the selected runs', group: 'Runs', run: () => act('compare'), when: several },
    { keys: 'R', label: 'Rerun with changes', group: 'Runs', run: () => act('rerun'), when: some },
    { keys: 'Delete', label: 'Move the selected runs to the trash', group: 'Runs', run: trash, when: any },
    { keys: 'Ctrl Z', label: 'Undo the last edit of the library', group: 'Runs', run: undo, when: () => !isTyping() },
    { keys: 'Ctrl Shift Z', label: 'Redo the last edit', group: 'Runs', run: redo, when: () => !isTyping() },
    { keys: 'Ctrl Shift C', label: 'Choose columns', group: 'Runs', run: pickColumns },
  ])
}
