import { shallowRef, type ShallowRef } from 'vue'
import {
  createRouter,
  createWebHashHistory,
  type RouteLocationNormalized,
  type RouteRecordRaw,
  type Router,
} from 'vue-router'
import { LabError } from '../contract/index.js'
import { RAIL_PAGES, type AnyPage } from './pages/index.js'
import { titleOf, type Crumb } from './shell/crumbs.js'

/** Components of pages, each loaded when it is first opened; charts come with the pages that have them. */
const COMPONENTS = import.meta.glob('./pages/**/*Page.vue')

function componentOf(file: string): () => Promise<unknown> {
  const load = COMPONENTS[`./pages/${file}`]
  if (load === undefined) throw new RangeError(`renderer/pages has no ${file}`)
  return load
}

/** A route of a page; the parameters of the path are properties of the component. */
const routeOf = (name: string, path: string, component: string, crumbs: readonly Crumb[]): RouteRecordRaw => ({
  path,
  name,
  component: componentOf(component),
  props: path.includes(':'),
  meta: { crumbs },
})

/** The routes of a page and of those below it. */
function routesOf({
  name,
  path,
  to,
  redirect,
  component,
  title,
  crumb = title,
  below = [],
}: AnyPage): RouteRecordRaw[] {
  const way = redirect === undefined ? { label: crumb } : { label: crumb, to }
  return [
    ...(redirect === undefined ? [] : [{ path: to, redirect }]),
    ...below.map((page) =>
      routeOf(page.name, page.path, page.component, [{ label: crumb, to }, { label: page.crumb }]),
    ),
    routeOf(name, path, component, [way]),
  ]
}

const routes: RouteRecordRaw[] = [
  ...RAIL_PAGES.flatMap(routesOf),
  routeOf('missing', '/:path(.*)*', 'MissingPage.vue', [{ label: 'Not found' }]),
]

/** A page that could not be loaded, and why; null once another one is shown. */
export interface PageFailure {
  to: string
  error: LabError
}
export const pageFailure: ShallowRef<PageFailure | null> = shallowRef(null)

/** Keeps a page that could not be loaded, such as while the workbench that serves it is closed. */
export function takePageFailure(thrown: unknown, to: Pick<RouteLocationNormalized, 'fullPath'>): void {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  pageFailure.value = {
    to: to.fullPath,
    error: new LabError('link.lost', `The page ${to.fullPath} could not be loaded: ${reason}`, {}, thrown),
  }
}

/** The router on the hash of the address, since the pages also live under a scheme of their own. */
export function createPages(): Router {
  const router = createRouter({ history: createWebHashHistory(), routes })
  router.onError(takePageFailure)
  router.afterEach((to, _from, failure) => {
    if (failure === undefined) pageFailure.value = null
    document.title = titleOf((to.meta['crumbs'] as readonly Crumb[] | undefined) ?? [], '')
  })
  return router
}
