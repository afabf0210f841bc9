import type { DatasetStatus, DoctorCheck } from '../../contract/index.js'
import type { LabContext } from '../context.js'

const STATES = { here: 'good', absent: 'missing', partial: 'warning', damaged: 'bad' } as const satisfies Record<
  DatasetStatus['state'],
  DoctorCheck['state']
>

function remedyOf({ kind, state, verified, facts }: DatasetStatus): string | null {
  if (state === 'here')
    return facts.generated || verified ? null : `Compare its checksums with \`lab data verify ${kind}\`.`
  if (state === 'partial') return `Resume the download with \`lab data download ${kind}\`.`
  if (state === 'damaged') return `Import the official archive again with \`lab data import ${kind} PATH\`.`
  return `Import the official archive with \`lab data import ${kind} PATH\`, or download it with \`lab data download ${kind}\`.`
}

/** One line for every set of the dataset store. */
export async function datasetChecks({ datasetStore }: LabContext): Promise<DoctorCheck[]> {
  return (await datasetStore.list()).map((status) => ({
    id: `dataset.${status.kind}`,
    group: 'datasets',
    label: status.facts.label,
    state: STATES[status.state],
    detail: status.folder === null ? status.note : `${status.note} (${status.folder})`,
    remedy: remedyOf(status),
  }))
}
