import type { Archive } from '../archive/archive.js'
import type { CurveStore } from './curveStore.js'
import type { Labels } from './labels.js'
import type { ProbeStore } from './probeStore.js'
import type { SettingStore } from './settings.js'

/** What the table is made of. */
export interface LibraryParts {
  archive: Pick<Archive, 'list'>
  labels: Labels
  settings: SettingStore
  curves: CurveStore
  probes: ProbeStore
}
