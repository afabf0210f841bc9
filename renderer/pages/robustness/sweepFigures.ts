import { FIGURE_ATTACKS, type AttackKind, type SweepRecord } from '../../../contract/index.js'
import { ATTACK_NAMES } from './sweepWords.js'

const subjects = ({ models, dataset, split }: SweepRecord): string => JSON.stringify([models.map(({ hash }) => hash).sort(), dataset, split])

/** The newest sweep of each attack on the same models and images; of its own attack the sweep itself. */
export function siblingsOf(record: SweepRecord, records: readonly SweepRecord[]): Map<AttackKind, SweepRecord | null> {
  const alike = records.filter((other) => subjects(other) === subjects(record))
  return new Map((Object.keys(ATTACK_NAMES) as AttackKind[]).map((kind) => [kind, kind === record.request.attack.kind ? record : alike.find(({ request }) => request.attack.kind === kind) ?? null]))
}

/** What a figure takes of a sweep and its siblings: the finished ones of its attacks, in the order of its rows, and which are missing. */
export function figureSweeps(figure: keyof typeof FIGURE_ATTACKS, record: SweepRecord, records: readonly SweepRecord[]): { ids: string[]; missing: AttackKind[] } {
  const siblings = siblingsOf(record, records)
  const found = FIGURE_ATTACKS[figure].flatMap((kind) => {
    const other = siblings.get(kind)
    return other !== undefined && other !== null && other.state === 'finished' && (figure === 'A2' || !other.request.criticalOnly) ? [other] : []
  })
  return { ids: found.map(({ id }) => id), missing: FIGURE_ATTACKS[figure].filter((kind) => found.every(({ request }) => request.attack.kind !== kind)) }
}
