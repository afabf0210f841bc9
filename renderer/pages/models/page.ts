import { definePage } from '../page.js'

/** Models of the archive. */
export const models = definePage('models', {
  title: 'Models',
  label: 'Models',
  path: '/models/:model(.*)?',
  component: 'models/ModelsPage.vue',
  group: 'keep',
  letter: 'M',
  icon: '<path d="M12 3.5l8 4.2-8 4.2-8-4.2z"/><path d="M4 12l8 4.2 8-4.2M4 16.2l8 4.3 8-4.3"/>',
  keywords: ['weights', 'evaluate'],
  command: 'lab models list',
})
