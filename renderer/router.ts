import { createRouter, createWebHashHistory, type RouteRecordRaw, type Router } from 'vue-router'
import { recall } from './stores/browserStore.js'

const crumbs = (...labels: (string | { label: string; to: string })[]) => ({ crumbs: labels.map((label) => (typeof label === 'string' ? { label } : label)) })

/** Every page, loaded when it is first opened; charts come with the pages that have them. */
const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./pages/home/HomePage.vue'), meta: crumbs('Home') },
  { path: '/new', redirect: () => `/new/${recall<string>('new.kind') === 'classifier' ? 'classifier' : 'localLearning'}` },
  { path: '/new/:kind(localLearning|classifier)', name: 'new', component: () => import('./form/NewExperimentPage.vue'), props: true, meta: crumbs({ label: 'New experiment', to: '/new' }) },
  { path: '/queue', name: 'queue', component: () => import('./pages/queue/QueuePage.vue'), meta: crumbs('Queue') },
  { path: '/runs', name: 'runs', component: () => import('./pages/runs/RunsPage.vue'), meta: crumbs('Runs') },
  { path: '/runs/:id/:tab?', name: 'run', component: () => import('./run/RunPage.vue'), props: true, meta: crumbs({ label: 'Runs', to: '/runs' }, 'Run') },
  { path: '/compare', name: 'compare', component: () => import('./pages/compare/ComparePage.vue'), meta: crumbs('Compare') },
  { path: '/robustness/new', name: 'newSweep', component: () => import('./pages/robustness/NewSweepPage.vue'), meta: crumbs({ label: 'Robustness', to: '/robustness' }, 'New sweep') },
  { path: '/robustness/card/:model(.*)', name: 'robustnessCard', component: () => import('./pages/robustness/CardPage.vue'), props: true, meta: crumbs({ label: 'Robustness', to: '/robustness' }, 'Card') },
  { path: '/robustness/:id?', name: 'robustness', component: () => import('./pages/robustness/RobustnessPage.vue'), props: true, meta: crumbs('Robustness') },
  { path: '/spectra', name: 'spectra', component: () => import('./pages/spectra/SpectraPage.vue'), meta: crumbs('Spectra') },
  { path: '/plane', name: 'plane', component: () => import('./pages/plane/PlanePage.vue'), meta: crumbs('Decision plane') },
  { path: '/data/:kind?', name: 'data', component: () => import('./pages/data/DataPage.vue'), props: true, meta: crumbs('Datasets') },
  { path: '/models/:model(.*)?', name: 'models', component: () => import('./pages/models/ModelsPage.vue'), props: true, meta: crumbs('Models') },
  { path: '/figures/:run?', name: 'figures', component: () => import('./figures/FiguresPage.vue'), props: true, meta: crumbs('Figures') },
  { path: '/doctor', name: 'doctor', component: () => import('./pages/DoctorPage.vue'), meta: crumbs('Doctor') },
  { path: '/settings', name: 'settings', component: () => import('./pages/SettingsPage.vue'), meta: crumbs('Settings') },
  { path: '/:path(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue'), meta: crumbs('Not found') },
]

/** The router on the hash of the address, since the pages also live under a scheme of their own. */
export function createPages(): Router {
  const router = createRouter({ history: createWebHashHistory(), routes })
  router.afterEach((to) => {
    const [last] = (to.meta['crumbs'] as { label: string }[] | undefined)?.slice(-1) ?? []
    document.title = last === undefined ? 'LocalLearning Workbench' : `${last.label} · LocalLearning Workbench`
  })
  return router
}
