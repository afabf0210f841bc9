import { defineStore } from 'pinia'
import { onScopeDispose, shallowRef } from 'vue'
import { assignLooks, type Identity, type Look, type Looks } from '../../contract/index.js'
import { useLink } from '../composables/useLink.js'

/** Colour and dash of everything that was drawn so far; the archive keeps them, so that all pages, windows and restarts agree. */
export const useLooksStore = defineStore('looks', () => {
  const link = useLink()
  const looks = shallowRef<Looks>({})
  const requested = new Map<Identity, string>()
  let asking = false

  const ask = async (): Promise<void> => {
    asking = true
    await Promise.resolve()
    while (requested.size > 0) {
      const things = [...requested].map(([identity, label]) => ({ identity, label }))
      const guess = assignLooks(looks.value, things)
      // Without an answer the window still distinguishes entries, by the same rule.
      const given = await link.call('look.assign', { things }).catch(() => guess)
      for (const { identity } of things) requested.delete(identity)
      looks.value = { ...looks.value, ...given }
    }
    asking = false
  }
  onScopeDispose(
    link.listen('look.changed', ({ looks: given }) => (looks.value = { ...looks.value, ...given })),
    true,
  )
  return {
    /** The look of a thing. One that is new gets its look with the next answer of the lab, and until then the one that it will probably get. */
    lookOf: (identity: Identity, label: string): Look => {
      const known = looks.value[identity]
      if (known !== undefined) return known
      if (!requested.has(identity)) requested.set(identity, label)
      if (!asking) void ask()
      return (
        assignLooks(
          looks.value,
          [...requested].map(([each, words]) => ({ identity: each, label: words })),
        )[identity] ?? 0
      )
    },
  }
})
