import { definePage } from '../page.js'

/** Decision planes. */
export const plane = definePage('plane', {
  title: 'Decision plane',
  label: 'Plane',
  path: '/plane',
  component: 'plane/PlanePage.vue',
  group: 'look',
  letter: 'P',
  icon: '<rect x="3.5" y="3.5" width="17" height="17" rx="1"/><path d="M3.5 14c4 .5 5-3.5 8-4.5s6 1 9-3"/><path d="M10.5 10.5c.5 4 3 5 3 10"/>',
  keywords: ['boundary', 'Jacobian'],
  command: 'lab plane',
  shortcutGroup: 'Plane',
  shortcuts: [
    { keys: 'P', label: 'Pin or release the point under the pointer' },
    { keys: 'Ctrl Enter', label: 'Compute plane' },
    { keys: 'R', label: 'Compute the visible part at full resolution' },
    { keys: '0', label: 'Show whole plane' },
    { keys: 'F', label: 'Make figure of this plane' },
  ],
})
