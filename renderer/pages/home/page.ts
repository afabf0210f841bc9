import { definePage } from '../page.js'

/** Start, recent runs, and the replay of the paper. */
export const home = definePage('home', {
  title: 'Home',
  label: 'Home',
  path: '/',
  component: 'home/HomePage.vue',
  group: 'make',
  letter: 'H',
  icon: '<path d="M4 10.5 12 4l8 6.5V20h-5.5v-6h-5v6H4z"/>',
  actions: [{ id: 'replay', label: 'Replay the paper', to: '/', command: 'lab repro' }],
})
