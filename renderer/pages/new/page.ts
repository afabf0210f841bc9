import { EXPERIMENT_KINDS } from '../../../contract/index.js'
import { recall } from '../../stores/browserStore.js'
import { definePage } from '../page.js'

/** The form of an experiment. */
export const newExperiment = definePage('new', {
  title: 'New experiment',
  label: 'New',
  path: '/new/:kind(localLearning|classifier)',
  redirect: () => `/new/${recall<string>('new.kind') === 'classifier' ? 'classifier' : 'localLearning'}`,
  component: 'new/NewExperimentPage.vue',
  group: 'make',
  letter: 'N',
  icon: '<path d="M9.5 3.5h5M10.5 3.5v6L5 19a1 1 0 0 0 .9 1.5h12.2A1 1 0 0 0 19 19l-5.5-9.5v-6"/><path d="M7.8 14.5h8.4"/>',
  actions: Object.entries(EXPERIMENT_KINDS).map(([kind, label]) => ({
    id: `new:${kind}`,
    label: `New experiment: ${label}`,
    to: `/new/${kind}`,
  })),
  examples: ['/new/localLearning', '/new/classifier'],
  shortcutGroup: 'Form',
  shortcuts: [
    { keys: 'Ctrl Enter', label: 'Start' },
    { keys: 'Ctrl Shift Enter', label: 'Add to queue' },
    { keys: 'Ctrl .', label: 'Show all fields' },
  ],
})
