import type { CurveStore } from './curveStore.js'
import type { Labels } from './labels.js'
import type { ProbeStore } from './probeStore.js'
import type { SettingStore } from './settings.js'
import type { RunSource } from './source.js'

/** What the table is made of. */
export interface LibraryParts {
  source: Pick<RunSource, 'list'>
  labels: Labels
  settings: SettingStore
  curves: CurveStore
  probes: ProbeStore
}
