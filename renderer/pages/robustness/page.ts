import { definePage } from '../page.js'

/** Sweeps of attacks, their form, and the card of a model. */
export const robustness = definePage('robustness', {
  title: 'Robustness',
  label: 'Robust',
  path: '/robustness/:id?',
  component: 'robustness/RobustnessPage.vue',
  group: 'look',
  letter: 'B',
  icon: '<path d="M4 4v16h16"/><path d="M6.5 7.5h3c4 0 3 9.5 7 9.5h3"/>',
  keywords: ['attack', 'adversarial', 'epsilon'],
  command: 'lab robustness',
  actions: [{ id: 'new:robustness', label: 'New robustness sweep', to: '/robustness/new', command: 'lab robustness' }],
  examples: [],
  below: [
    {
      name: 'newSweep',
      path: '/robustness/new',
      component: 'robustness/NewSweepPage.vue',
      crumb: 'New sweep',
      example: '/robustness/new',
    },
    {
      name: 'robustnessCard',
      path: '/robustness/card/:model(.*)',
      component: 'robustness/CardPage.vue',
      crumb: 'Card',
    },
  ],
})
