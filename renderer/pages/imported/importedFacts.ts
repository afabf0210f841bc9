import { IMPORT_FORMATS, type ImportedRun } from '../../../contract/library/imported.js'
import { formatBytes, formatDay, formatDuration, formatInteger } from '../../format/index.js'

/** A line about an imported run. */
export interface ImportedFact {
  label: string
  value: string
  /** Shown in the font of paths and hashes. */
  isCode?: boolean
}

/** Where an imported run comes from, and what is known of it. */
export function importedFacts(run: ImportedRun, now: Date): ImportedFact[] {
  const { origin } = run
  const day = (iso: string | null): ImportedFact['value'] => (iso === null ? '' : formatDay(new Date(iso), now))
  const facts: ImportedFact[] = [
    { label: 'Imported from', value: origin.path, isCode: true },
    { label: 'Format', value: IMPORT_FORMATS[origin.format].label },
    { label: 'Tool', value: origin.tool },
    { label: 'Files', value: `${formatInteger(origin.files.length)}, ${formatBytes(origin.bytes)}` },
    { label: 'SHA-256', value: origin.sha256, isCode: true },
    { label: 'Imported', value: day(origin.importedAt) },
    { label: 'Started', value: day(run.startedAt) },
    { label: 'Ended', value: day(run.finishedAt) },
    { label: 'Took', value: run.computeSeconds === null ? '' : formatDuration(run.computeSeconds) },
    { label: 'Last step', value: formatInteger(run.step) },
    { label: 'Values', value: formatInteger(run.values) },
  ]
  return facts.filter(({ value }) => value !== '')
}
