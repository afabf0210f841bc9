import { onScopeDispose, shallowReactive, shallowRef, type Ref } from 'vue'

/** A keyboard shortcut, its entry in the list behind `?`, and its command in the palette. */
export interface Shortcut {
  /** As people read it: `Ctrl Enter`, `L`, `?`, `F6`; `G R` is G and then R. On a Mac, Ctrl is also Command. */
  keys: string
  label: string
  run(): void
  /** Where it applies, as a heading of the list: `Form`. */
  group?: string
  /** Whether it acts now. */
  when?: () => boolean
  /** Left out of the palette, for keys that only make sense as keys. */
  hidden?: boolean
}

/** What distinguishes a shortcut from others: its usual keys and where it applies. */
export type ShortcutKeys = Pick<Shortcut, 'keys' | 'group'>
export const shortcutId = ({ keys, group = 'Everywhere' }: ShortcutKeys): string => `${group}: ${keys}`

/** Keys that the user has chosen, by the id of the shortcut. */
export const chosenKeys = shallowRef<Readonly<Record<string, string>>>({})

/** The keys that a shortcut has now. */
export const keysFor = (shortcut: ShortcutKeys): string => {
  const id = shortcutId(shortcut)
  return Object.hasOwn(chosenKeys.value, id) ? (chosenKeys.value[id] ?? shortcut.keys) : shortcut.keys
}

/** Every shortcut of what is mounted; later ones win over earlier ones. */
export const shortcuts: Shortcut[] = shallowReactive([])

/** Binds keys while the calling component lives. */
export function useShortcuts(list: readonly Shortcut[]): void {
  shortcuts.push(...list)
  onScopeDispose(() => {
    for (const shortcut of list) {
      const index = shortcuts.indexOf(shortcut)
      if (index >= 0) shortcuts.splice(index, 1)
    }
  })
}

const NAMES: Record<string, string> = {
  ' ': 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Escape: 'Esc',
}

/** The keys of an event in the words of {@link Shortcut.keys}. */
export function keysOf(event: KeyboardEvent): string {
  const key = NAMES[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key)
  const command = event.ctrlKey || event.metaKey
  // A sign such as "?" already is what Shift made of it.
  const shifted = event.shiftKey && (command || event.key.length > 1 || /[a-z]/i.test(event.key))
  return [command ? 'Ctrl' : '', event.altKey ? 'Alt' : '', shifted ? 'Shift' : '', key]
    .filter((part) => part !== '')
    .join(' ')
}

/** Whether keys belong to what is being typed. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

/** Whether Space and Enter already mean something where the focus is. */
function isPressable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('button, a, [role="option"], [role="menuitem"], [role="tab"], [tabindex]') !== null
  )
}

/** The second key of a pair comes within this time. */
const PAIR_MS = 1500

/** Listens for keys on the window; the frame calls it once. */
export function listenForShortcuts(blocked: Ref<boolean>): void {
  let first = ''
  let firstMs = -Infinity
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const keys = keysOf(event)
    const bare = !/^(Ctrl|Alt)/.test(keys) && !/^F\d/.test(keys)
    if (bare && (isTyping(event.target) || blocked.value)) return
    if ((keys === 'Space' || keys === 'Enter') && isPressable(event.target)) return
    const before = first !== '' && performance.now() - firstMs < PAIR_MS ? first : ''
    first = ''
    const found = (wanted: string): Shortcut | undefined =>
      shortcuts.findLast((candidate) => keysFor(candidate) === wanted && (candidate.when?.() ?? true))
    const shortcut = (before === '' ? undefined : found(`${before} ${keys}`)) ?? found(keys)
    if (shortcut === undefined) {
      if (bare && shortcuts.some((candidate) => keysFor(candidate).startsWith(`${keys} `)))
        [first, firstMs] = [keys, performance.now()]
      return
    }
    event.preventDefault()
    shortcut.run()
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}
