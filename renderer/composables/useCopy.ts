import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

const SHOWN_MS = 1500

/** Puts text on the clipboard and says for a moment that it is there. */
export function useCopy(): { copied: Readonly<ShallowRef<boolean>>; copy(text: string): Promise<void> } {
  const copied = shallowRef(false)
  let timer = 0
  onScopeDispose(() => window.clearTimeout(timer))
  return {
    copied,
    copy: async (text) => {
      await writeClipboard(text)
      copied.value = true
      window.clearTimeout(timer)
      timer = window.setTimeout(() => (copied.value = false), SHOWN_MS)
    },
  }
}

async function writeClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Without the permission the old way still works inside a click.
    const area = document.createElement('textarea')
    area.value = text
    area.style.position = 'fixed'
    area.style.opacity = '0'
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
}
