import { keysFor, shortcutId, type ShortcutKeys } from '../composables/useShortcuts.js'

/** Every shortcut whose keys can be changed, by place; keys of pages follow from the order of the rail. */
export const CHANGEABLE: readonly (ShortcutKeys & { label: string })[] = [
  { keys: 'Ctrl K', label: 'Command palette' },
  { keys: '?', label: 'Keyboard shortcuts' },
  { keys: 'Ctrl N', label: 'New experiment' },
  { keys: 'Ctrl B', label: 'Toggle sidebar labels' },
  { keys: 'F6', label: 'Next pane' },
  { keys: 'Shift F6', label: 'Previous pane' },
  { group: 'Form', keys: 'Ctrl Enter', label: 'Start' },
  { group: 'Form', keys: 'Ctrl Shift Enter', label: 'Add to queue' },
  { group: 'Form', keys: 'Ctrl .', label: 'Show all fields' },
  { group: 'Run', keys: 'Space', label: 'Pause or resume' },
  { group: 'Run', keys: 'S', label: 'Stop, keep results (press twice)' },
  { group: 'Run', keys: 'L', label: 'Logarithmic axis' },
  { group: 'Run', keys: 'Shift L', label: 'Logarithmic epochs' },
  { group: 'Run', keys: '[', label: 'Previous run' },
  { group: 'Run', keys: ']', label: 'Next run' },
  { group: 'Run', keys: 'C', label: 'Compare' },
  { group: 'Run', keys: 'F', label: 'Make Figure A1' },
  { group: 'Runs', keys: '/', label: 'Write a query' },
  { group: 'Runs', keys: 'T', label: 'Tag the selected runs' },
  { group: 'Runs', keys: 'N', label: 'Set the note of the selected runs' },
  { group: 'Runs', keys: 'M', label: 'Move the selected runs to a folder' },
  { group: 'Runs', keys: 'S', label: 'Star the selected runs' },
  { group: 'Runs', keys: 'R', label: 'Rerun with changes' },
  { group: 'Runs', keys: 'Delete', label: 'Move the selected runs to the trash' },
  { group: 'Runs', keys: 'Ctrl Z', label: 'Undo the last edit of the library' },
  { group: 'Runs', keys: 'Ctrl Shift Z', label: 'Redo the last edit' },
  { group: 'Runs', keys: 'Ctrl Shift C', label: 'Choose columns' },
  { group: 'Runs', keys: 'C', label: 'Compare the selected runs' },
  { group: 'Compare', keys: 'B', label: 'Make the focused group the baseline' },
  { group: 'Compare', keys: 'L', label: 'Logarithmic axis' },
  { group: 'Plane', keys: 'P', label: 'Pin or release the point under the pointer' },
  { group: 'Plane', keys: 'Ctrl Enter', label: 'Compute plane' },
  { group: 'Plane', keys: 'R', label: 'Compute the visible part at full resolution' },
  { group: 'Plane', keys: '0', label: 'Show whole plane' },
  { group: 'Plane', keys: 'F', label: 'Make figure of this plane' },
]

/** Keys that lists, dialogs and the pairs of pages (G and a letter) need. */
const RESERVED = /^(Shift )?(Tab|Enter|Esc|Up|Down|Left|Right|Home|End|G)$/
/** What browsers do not give away. */
const OF_BROWSER = /^Ctrl (Shift )?([NTW]|\d)$/

/** Why keys cannot be given to a shortcut; null if they can. Two shortcuts conflict in the same place, or where one works everywhere. */
export function keysFault(of: ShortcutKeys, keys: string, { inBrowser }: { inBrowser: boolean }): string | null {
  if (RESERVED.test(keys)) return `${keys} is reserved for lists, dialogs and pages.`
  if (inBrowser && OF_BROWSER.test(keys)) return `${keys} is reserved for the browser.`
  if (!inBrowser && /^Ctrl \d$/.test(keys)) return `${keys} opens a page.`
  const other = CHANGEABLE.find(
    (each) =>
      shortcutId(each) !== shortcutId(of) &&
      keysFor(each) === keys &&
      (each.group === of.group || each.group === undefined || of.group === undefined),
  )
  return other === undefined ? null : `${keys} is already used for “${other.label}”.`
}
