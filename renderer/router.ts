import { shallowRef, type ShallowRef } from 'vue'
import {
  createRouter,
  createWebHashHistory,
  type RouteLocationNormalized,
  type RouteRecordRaw,
  type Router,
} from 'vue-router'
import { LabError } from '../contract/index.js'
import { titleOf, type Crumb } from './shell/crumbs.js'
import { recall } from './stores/browserStore.js'

const crumbs = (...labels: (string | { label: string; to: string })[]) => ({
  crumbs: labels.map((label) => (typeof label === 'string' ? { label } : label)),
})

/** Every page, loaded when it is first opened; charts come with the pages that have them. */
const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./pages/home/HomePage.vue'), meta: crumbs('Home') },
  {
    path: '/new',
    redirect: () => `/new/${recall<string>('new.kind') === 'classifier' ? 'classifier' : 'localLearning'}`,
  },
  {
    path: '/new/:kind(localLearning|classifier)',
    name: 'new',
    component: () => import('./pages/new/NewExperimentPage.vue'),
    props: true,
    meta: crumbs({ label: 'New experiment', to: '/new' }),
  },
  { path: '/queue', name: 'queue', component: () => import('./pages/queue/QueuePage.vue'), meta: crumbs('Queue') },
  { path: '/runs', name: 'runs', component: () => import('./pages/library/LibraryPage.vue'), meta: crumbs('Runs') },
  {
    path: '/runs/:id/:tab?',
    name: 'run',
    component: () => import('./pages/run/RunPage.vue'),
    props: true,
    meta: crumbs({ label: 'Runs', to: '/runs' }, 'Run'),
  },
  {
    path: '/compare',
    name: 'compare',
    component: () => import('./pages/compare/ComparePage.vue'),
    meta: crumbs('Compare'),
  },
  {
    path: '/robustness/new',
    name: 'newSweep',
    component: () => import('./pages/robustness/NewSweepPage.vue'),
    meta: crumbs({ label: 'Robustness', to: '/robustness' }, 'New sweep'),
  },
  {
    path: '/robustness/card/:model(.*)',
    name: 'robustnessCard',
    component: () => import('./pages/robustness/CardPage.vue'),
    props: true,
    meta: crumbs({ label: 'Robustness', to: '/robustness' }, 'Card'),
  },
  {
    path: '/robustness/:id?',
    name: 'robustness',
    component: () => import('./pages/robustness/RobustnessPage.vue'),
    props: true,
    meta: crumbs('Robustness'),
  },
  {
    path: '/spectra',
    name: 'spectra',
    component: () => import('./pages/spectra/SpectraPage.vue'),
    meta: crumbs('Spectra'),
  },
  {
    path: '/plane',
    name: 'plane',
    component: () => import('./pages/plane/PlanePage.vue'),
    meta: crumbs('Decision plane'),
  },
  {
    path: '/data/:kind?',
    name: 'data',
    component: () => import('./pages/data/DataPage.vue'),
    props: true,
    meta: crumbs('Datasets'),
  },
  {
    path: '/models/:model(.*)?',
    name: 'models',
    component: () => import('./pages/models/ModelsPage.vue'),
    props: true,
    meta: crumbs('Models'),
  },
  {
    path: '/figures/:run?',
    name: 'figures',
    component: () => import('./pages/figures/FiguresPage.vue'),
    props: true,
    meta: crumbs('Figures'),
  },
  { path: '/doctor', name: 'doctor', component: () => import('./pages/doctor/DoctorPage.vue'), meta: crumbs('Doctor') },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('./pages/settings/SettingsPage.vue'),
    meta: crumbs('Settings'),
  },
  {
    path: '/:path(.*)*',
    name: 'missing',
    component: () => import('./pages/MissingPage.vue'),
    meta: crumbs('Not found'),
  },
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
