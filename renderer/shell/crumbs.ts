import { onScopeDispose, shallowRef, watchEffect } from 'vue'

/** One step of the way to a page. */
export interface Crumb {
  label: string
  to?: string
}

/** What the page on screen says of its place; empty lets the route speak. */
export const pageCrumbs = shallowRef<readonly Crumb[]>([])

/**
 * Names the place of a page whose name is not in its route, such as a run.
 *
 * @param crumbs - followed as it changes; the last one is the page itself
 */
export function useCrumbs(crumbs: () => readonly Crumb[]): void {
  let mine: readonly Crumb[] = []
  watchEffect(() => {
    mine = crumbs()
    pageCrumbs.value = mine
  })
  onScopeDispose(() => {
    // The next page may have spoken already.
    if (pageCrumbs.value === mine) pageCrumbs.value = []
  })
}
