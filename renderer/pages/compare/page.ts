import { definePage } from '../page.js'

/** Runs side by side. */
export const compare = definePage('compare', {
  title: 'Compare runs',
  label: 'Compare',
  crumb: 'Compare',
  path: '/compare',
  component: 'compare/ComparePage.vue',
  group: 'look',
  letter: 'C',
  icon: '<path d="M4 4v16h16"/><path d="M7 15c2.5 0 3.5-6.5 6-6.5s3 2.5 6.5 2.5"/><path d="M7 17.5c3 0 4-2.5 6.5-2.5s3.5-7.5 6.5-8.5" opacity=".5"/>',
  keywords: ['curves', 'difference', 'seeds', 'statistics'],
  command: 'lab compare',
  examples: ['/compare', '/compare?where=epoch%20%3E%200&group=runs'],
  shortcutGroup: 'Compare',
  shortcuts: [
    { keys: 'B', label: 'Make the focused group the baseline' },
    { keys: 'L', label: 'Logarithmic axis' },
  ],
})
