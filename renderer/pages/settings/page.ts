import { definePage } from '../page.js'

/** Settings and shortcuts. */
export const settings = definePage('settings', {
  title: 'Settings',
  label: 'Settings',
  path: '/settings',
  component: 'settings/SettingsPage.vue',
  group: 'foot',
  letter: 'T',
  icon: '<path d="M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9"/><circle cx="15" cy="7.5" r="2"/><circle cx="9" cy="16.5" r="2"/>',
  keywords: ['preferences', 'shortcuts', 'theme'],
})
