/** What this browser keeps for the window: drafts, own presets, the last settings. Never anything of a run. */

const PREFIX = 'workbench.'

/** Reads what {@link remember} kept; null when there is nothing or the browser keeps nothing. */
export function recall<Value>(key: string): Value | null {
  try {
    const text = window.localStorage.getItem(PREFIX + key)
    return text === null ? null : (JSON.parse(text) as Value)
  } catch {
    return null
  }
}

/** Stores a plain value; `null` removes it. Never fails if storage is full or blocked. */
export function remember(key: string, value: unknown): void {
  try {
    if (value === null) window.localStorage.removeItem(PREFIX + key)
    else window.localStorage.setItem(PREFIX + key, JSON.stringify(value))
  } catch {
    return
  }
}
