import { definePage } from '../page.js'

/** The figure studio. */
export const figures = definePage('figures', {
  title: 'Figures',
  label: 'Figures',
  path: '/figures/:run?',
  component: 'figures/FiguresPage.vue',
  group: 'keep',
  letter: 'F',
  icon: '<path d="M5.5 3.5h9l4 4v13h-13z"/><path d="M14.5 3.5v4h4"/><path d="M8.5 17v-4M12 17v-6M15.5 17v-2.5"/>',
  keywords: ['export', 'EPS', 'PDF'],
})
