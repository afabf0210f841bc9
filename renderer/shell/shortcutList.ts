import { RAIL_PAGES } from '../pages/index.js'
import { keysFor, shortcutId, type ShortcutKeys } from '../composables/useShortcuts.js'

/** Every shortcut whose keys can be changed, by place; keys of pages follow from the order of the rail. */
export const CHANGEABLE: readonly (ShortcutKeys & { label: string })[] = [
  { keys: 'Ctrl K', label: 'Command palette' },
  { keys: '?', label: 'Keyboard shortcuts' },
  { keys: 'Ctrl N', label: 'New experiment' },
  { keys: 'Ctrl B', label: 'Toggle sidebar labels' },
  { keys: 'F6', label: 'Next pane' },
  { keys: 'Shift F6', label: 'Previous pane' },
  ...RAIL_PAGES.flatMap((page) => [page, ...(page.below ?? [])]).flatMap(({ shortcutGroup, shortcuts = [] }) =>
    shortcuts.map((shortcut) => ({ ...shortcut, ...(shortcutGroup === undefined ? {} : { group: shortcutGroup }) })),
  ),
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
