import { onScopeDispose, shallowRef, watchEffect } from 'vue'

/** One step of the way to a page. */
export interface Crumb {
  label: string
  to?: string
}

/** Breadcrumbs set by the page; empty uses those of the route. */
export const pageCrumbs = shallowRef<readonly Crumb[]>([])
/** Text before the name in the window title, such as the progress of a run. */
export const titlePrefix = shallowRef('')

/** The window's title: it distinguishes pages in tabs and task bar. */
export const titleOf = (crumbs: readonly Crumb[], prefix: string): string =>
  [
    [prefix, crumbs.at(-1)?.label ?? ''].filter((part) => part !== '').join(' '),
    ...(crumbs.length > 1 ? [crumbs[0]?.label ?? ''] : []),
    'LocalLearning Workbench',
  ]
    .filter((part) => part !== '')
    .join(' · ')

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
    // The next page may have set its own already.
    if (pageCrumbs.value === mine) pageCrumbs.value = []
  })
}
