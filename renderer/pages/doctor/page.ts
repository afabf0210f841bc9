import { definePage } from '../page.js'

/** What works on this machine. */
export const doctor = definePage('doctor', {
  title: 'Doctor',
  label: 'Doctor',
  path: '/doctor',
  component: 'doctor/DoctorPage.vue',
  group: 'foot',
  letter: 'O',
  icon: '<path d="M3 12.5h4l2-6 4 11 2.5-7 1.5 2h4"/>',
  keywords: ['backend', 'GPU', 'diagnosis'],
  command: 'lab doctor',
})
