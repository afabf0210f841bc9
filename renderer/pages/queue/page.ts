import { definePage } from '../page.js'

/** What is running and waiting. */
export const queue = definePage('queue', {
  title: 'Queue',
  label: 'Queue',
  path: '/queue',
  component: 'queue/QueuePage.vue',
  group: 'make',
  letter: 'Q',
  icon: '<path d="M4 6.5h11M4 12h11M4 17.5h7"/><path d="M17 14.5v6l4.5-3z"/>',
})
