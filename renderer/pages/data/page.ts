import { definePage } from '../page.js'

/** Datasets. */
export const data = definePage('data', {
  title: 'Datasets',
  label: 'Data',
  path: '/data/:kind?',
  component: 'data/DataPage.vue',
  group: 'keep',
  letter: 'D',
  icon: '<rect x="7.5" y="3.5" width="13" height="13" rx="1"/><path d="M16.5 16.5v4h-13v-13h4"/><path d="M8 14l3.5-4 3 3 2-2 3.5 3.5"/>',
  keywords: ['images', 'download', 'import'],
  command: 'lab data list',
  examples: ['/data/syntheticScenes'],
})
