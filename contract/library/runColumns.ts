import type { ColumnFacts } from './column.js'

type RunColumnFacts = Pick<ColumnFacts, 'label' | 'type' | 'unit' | 'help'> & { section: 'run' | 'results' }

/** Columns of every run that are neither settings nor curves; queries and addresses use these names. */
export const RUN_COLUMNS = {
  name: { label: 'Name', type: 'text', section: 'run', unit: '', help: 'Name of the run, as edited in the library.' },
  id: { label: 'Id', type: 'text', section: 'run', unit: '', help: 'Identity of the run; it never changes.' },
  state: { label: 'State', type: 'text', section: 'run', unit: '', help: 'State of the run, such as finished.' },
  kind: { label: 'Kind', type: 'text', section: 'run', unit: '', help: 'Kind of experiment.' },
  dataset: { label: 'Dataset', type: 'text', section: 'run', unit: '', help: 'Dataset of the run.' },
  seed: { label: 'Seed', type: 'number', section: 'run', unit: '', help: 'Seed of all random numbers of the run.' },
  group: { label: 'Group', type: 'text', section: 'run', unit: '', help: 'Runs that were submitted as seeds of one.' },
  tag: { label: 'Tags', type: 'set', section: 'run', unit: '', help: 'Tags of the run.' },
  folder: { label: 'Folder', type: 'text', section: 'run', unit: '', help: 'Folder of the library.' },
  star: { label: 'Star', type: 'boolean', section: 'run', unit: '', help: 'Whether the run is starred.' },
  note: { label: 'Note', type: 'text', section: 'run', unit: '', help: 'Note of the run.' },
  created: { label: 'Created', type: 'date', section: 'run', unit: '', help: 'When the run was submitted.' },
  started: { label: 'Started', type: 'date', section: 'run', unit: '', help: 'When the run began to compute.' },
  finished: { label: 'Finished', type: 'date', section: 'run', unit: '', help: 'When the run ended.' },
  computeSeconds: {
    label: 'Computed',
    type: 'number',
    section: 'run',
    unit: 's',
    help: 'Seconds of computing over all sessions.',
  },
  epoch: { label: 'Epoch', type: 'number', section: 'run', unit: '', help: 'Completed epochs.' },
  epochs: { label: 'Epochs', type: 'number', section: 'run', unit: '', help: 'Epochs of the schedule.' },
  executor: { label: 'Backend', type: 'text', section: 'run', unit: '', help: 'What computed the run.' },
  error: { label: 'Error', type: 'text', section: 'run', unit: '', help: 'Code of the error of a failed run.' },
  accuracy: {
    label: 'Test accuracy',
    type: 'number',
    section: 'results',
    unit: '',
    help: 'Fraction of test images classified correctly at the last test.',
  },
  trainAccuracy: {
    label: 'Training accuracy',
    type: 'number',
    section: 'results',
    unit: '',
    help: 'Fraction of training images classified correctly in the last epoch.',
  },
  alpha: {
    label: 'Exponent',
    type: 'number',
    section: 'results',
    unit: '',
    help: 'Slope of the covariance spectrum at its last measurement.',
  },
  alphaError: {
    label: 'Standard error of α',
    type: 'number',
    section: 'results',
    unit: '',
    help: 'Standard error of the regression slope.',
  },
  converged: {
    label: 'Converged',
    type: 'boolean',
    section: 'results',
    unit: '',
    help: 'Verdict on the convergence of a layer.',
  },
  removedUnits: {
    label: 'Removed units',
    type: 'number',
    section: 'results',
    unit: '',
    help: 'Units that pruning removed.',
  },
} as const satisfies Record<string, RunColumnFacts>
export type RunColumnName = keyof typeof RUN_COLUMNS

/** Columns of every run of which the mean over several runs is shown, besides the results. */
const AVERAGED: ReadonlySet<RunColumnName> = new Set(['computeSeconds', 'epoch'])
export const isAveraged = (name: RunColumnName): boolean =>
  RUN_COLUMNS[name].section === 'results' || AVERAGED.has(name)

export const isRunColumn = (name: string): name is RunColumnName => Object.hasOwn(RUN_COLUMNS, name)

/** Measures of which a larger value is better; of the others `best` is the smallest. */
export const LARGER_IS_BETTER: ReadonlySet<string> = new Set([
  'testAccuracy',
  'trainAccuracy',
  'convergedFraction',
  'winningOverlap',
  'samplesPerSecond',
  'spectrumRSquared',
])
