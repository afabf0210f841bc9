import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw, type Router } from 'vue-router'

/** How a value is written into the address, and read from it. */
export interface AddressForm<Value> {
  /** Null if the text is invalid; the fallback is then used. */
  read(text: string): Value | null
  write(value: Value): string
}

/** What was changed in this moment, by address of the page: one navigation takes all of it. */
const waiting = new WeakMap<Router, { path: string; query: LocationQueryRaw; push: boolean }>()

/** Browsers refuse pages that change their address too often, as a slider that is dragged would. */
const CHANGES_EVERY_MS = 200
const changedMs = new WeakMap<Router, number>()

function change(router: Router, key: string, text: string | undefined, push: boolean): void {
  const { path } = router.currentRoute.value
  const known = waiting.get(router)
  if (known !== undefined && known.path === path) {
    known.query[key] = text
    known.push ||= push
    return
  }
  const mine = { path, query: { [key]: text }, push }
  waiting.set(router, mine)
  const wait = push ? 0 : (changedMs.get(router) ?? -Infinity) + CHANGES_EVERY_MS - performance.now()
  const go = (): void => {
    changedMs.set(router, performance.now())
    if (waiting.get(router) === mine) waiting.delete(router)
    const now = router.currentRoute.value
    if (now.path !== mine.path) return
    const query = Object.fromEntries(
      Object.entries({ ...now.query, ...mine.query }).filter(([, value]) => value !== undefined),
    )
    void router[mine.push ? 'push' : 'replace']({ path: now.path, query, hash: now.hash })
  }
  if (wait > 0) setTimeout(go, wait)
  else queueMicrotask(go)
}

/**
 * A value of a page that its address carries, so that Back, a reload and a bookmark bring it back.
 *
 * @param key - of the query
 * @param fallback - what the page starts with; it is not written
 * @param push - whether Back takes a change back; else it only follows
 */
export function useAddress<Value>(
  key: string,
  fallback: () => Value,
  { read, write }: AddressForm<Value>,
  { push = false } = {},
): Ref<Value> {
  const route = useRoute()
  const router = useRouter()
  const { path } = route
  const textOf = (): string | null => (typeof route.query[key] === 'string' ? route.query[key] : null)
  const valueOf = (text: string | null): Value => (text === null ? null : read(text)) ?? fallback()
  const value = ref(valueOf(textOf())) as Ref<Value>
  let alive = true
  onScopeDispose(() => (alive = false))
  const written = (of: Value): string | undefined => {
    const text = write(of)
    return text === write(fallback()) ? undefined : text
  }
  // At once: a navigation in the same moment would otherwise win over what was chosen just before.
  watch(
    value,
    (next) => {
      if (alive && written(next) !== (textOf() ?? undefined)) change(router, key, written(next), push)
    },
    { flush: 'sync', deep: true },
  )
  watch(textOf, (text) => {
    // A newer value that is still to be written must not be replaced by the one before it.
    if (!alive || route.path !== path || Object.hasOwn(waiting.get(router)?.query ?? {}, key)) return
    const next = valueOf(text)
    if (write(next) !== write(value.value)) value.value = next
  })
  return value
}

/** A text. */
export const TEXT: AddressForm<string> = { read: (text) => text, write: (text) => text }

/** One of some words. */
export const wordOf = <Word extends string>(words: readonly Word[]): AddressForm<Word> => ({
  read: (text) => words.find((word) => word === text) ?? null,
  write: (word) => word,
})

/** Names, which may themselves contain commas. */
export const NAMES: AddressForm<readonly string[]> = {
  read: (text) => {
    try {
      return text
        .split(',')
        .filter((part) => part !== '')
        .map(decodeURIComponent)
    } catch {
      return null
    }
  },
  write: (names) => names.map(encodeURIComponent).join(','),
}

/** A number, or nothing. */
export const NUMBER: AddressForm<number | null> = {
  read: (text) => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : null),
  write: (value) => (value === null ? '' : String(value)),
}
