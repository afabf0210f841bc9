import { definePage } from '../page.js'

/** The library of runs, and a run. */
export const runs = definePage('runs', {
  title: 'Runs',
  label: 'Runs',
  path: '/runs',
  component: 'library/LibraryPage.vue',
  group: 'make',
  letter: 'R',
  icon: '<rect x="3.5" y="4.5" width="17" height="15" rx="1"/><path d="M3.5 9.5h17M3.5 14.5h17M9 9.5v10"/>',
  keywords: ['library', 'search', 'tags'],
  command: 'lab list',
  below: [
    {
      name: 'importedRun',
      path: '/runs/:id(i-[0-9a-f]{8})/:tab?',
      component: 'imported/ImportedRunPage.vue',
      sample: '/runs/i-01234567',
      crumb: 'Run',
    },
    {
      name: 'run',
      path: '/runs/:id/:tab?',
      component: 'run/RunPage.vue',
      crumb: 'Run',
      shortcutGroup: 'Run',
      shortcuts: [
        { keys: 'Space', label: 'Pause or resume' },
        { keys: 'S', label: 'Stop, keep results (press twice)' },
        { keys: 'L', label: 'Logarithmic axis' },
        { keys: 'Shift L', label: 'Logarithmic epochs' },
        { keys: '[', label: 'Previous run' },
        { keys: ']', label: 'Next run' },
        { keys: 'C', label: 'Compare' },
        { keys: 'F', label: 'Make Figure A1' },
      ],
    },
  ],
  shortcutGroup: 'Runs',
  shortcuts: [
    { keys: '/', label: 'Write a query' },
    { keys: 'T', label: 'Tag the selected runs' },
    { keys: 'N', label: 'Set the note of the selected runs' },
    { keys: 'M', label: 'Move the selected runs to a folder' },
    { keys: 'S', label: 'Star the selected runs' },
    { keys: 'R', label: 'Rerun with changes' },
    { keys: 'Delete', label: 'Move the selected runs to the trash' },
    { keys: 'Ctrl Z', label: 'Undo the last edit of the library' },
    { keys: 'Ctrl Shift Z', label: 'Redo the last edit' },
    { keys: 'Ctrl Shift C', label: 'Choose columns' },
    { keys: 'C', label: 'Compare the selected runs' },
  ],
})
