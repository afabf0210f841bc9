import { LabError, type CommandInput, type CommandName } from '../contract/index.js'
import type { Archive } from './archive/archive.js'

/** Commands that never change the archive: they work on a full disk, on a read-only medium, and beside an open window. */
const READING: ReadonlySet<CommandName> = new Set<CommandName>([
  'lab.info',
  'lab.vitals',
  'activity.list',
  'lab.doctor',
  'settings.get',
  'preset.list',
  'run.estimate',
  'run.list',
  'run.get',
  'run.columns',
  'run.specs',
  'run.metrics',
  'run.arrayEpochs',
  'run.array',
  'run.units',
  'run.unitImages',
  'run.notices',
  'run.files',
  'run.readFile',
  'queue.get',
  'compare.groups',
  'compare.runs',
  'compare.probes',
  'compare.fields',
  'library.table',
  'library.cells',
  'library.columns',
  'library.sparklines',
  'library.history',
  // Into a folder of the user's, never into the archive.
  'library.export',
  'library.imports',
  'library.imported',
  'library.curves',
  'library.views',
  'spectrum.fit',
  'prune.plan',
  'figure.render',
  'figure.readFile',
  'model.list',
  'model.get',
  'model.untrained',
  'model.evaluate',
  'model.export',
  'robustness.list',
  'robustness.get',
  'robustness.partialPass',
  'spectrum.list',
  'spectrum.get',
  'spectrum.fits',
  'spectrum.map',
  'plane.list',
  'plane.get',
  'plane.point',
  'replay.scales',
  'replay.list',
  'replay.get',
  'replay.readFile',
  // Datasets lie beside the archive, not in it.
  'dataset.list',
  'dataset.addFolders',
  'dataset.samples',
  'dataset.images',
  'dataset.import',
  'dataset.download',
  'dataset.cancelDownload',
  'dataset.verify',
])

/** Whether a command leaves the archive as it is. */
export function isReading<Name extends CommandName>(name: Name, input: CommandInput<Name>): boolean {
  // A figure is exported into a folder of the user's, or else into the archive.
  const elsewhere =
    name === 'figure.export' &&
    typeof input === 'object' &&
    input !== null &&
    'folder' in input &&
    input.folder !== null
  return READING.has(name) || elsewhere
}

/**
 * Refuses what would change an archive that was opened for reading.
 *
 * @throws LabError `archive.readOnly`
 */
export function expectReading<Name extends CommandName>(name: Name, input: CommandInput<Name>): void {
  if (!isReading(name, input))
    throw new LabError('archive.readOnly', `${name} would change the archive, which is open read-only`)
}

/** An archive whose writing methods refuse. */
export function readOnlyArchive(archive: Archive): Archive {
  const refuse = (): Promise<never> =>
    Promise.reject(new LabError('archive.readOnly', `${archive.folder} is open read-only`, { folder: archive.folder }))
  return {
    ...archive,
    create: refuse,
    createGroup: refuse,
    update: refuse,
    remove: refuse,
    appendMetrics: refuse,
    appendNotice: refuse,
    writeArray: refuse,
    writeCheckpoint: refuse,
    rewindTo: refuse,
    writeFile: refuse,
    changeSettings: refuse,
    writeQueue: refuse,
  }
}
