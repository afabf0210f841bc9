import { ATTACK_KINDS, FIGURE_ATTACKS, type AttackKind, type SweepRecord } from '../../../contract/index.js'

const subjects = ({ models, dataset, split }: SweepRecord): string =>
  JSON.stringify([models.map(({ hash }) => hash).sort(), dataset, split])

/** The newest sweep of each attack on the same models and images; for its own attack, the sweep itself. */
export function siblingsOf(record: SweepRecord, records: readonly SweepRecord[]): Map<AttackKind, SweepRecord | null> {
  const alike = records.filter((other) => subjects(other) === subjects(record))
  return new Map(
    ATTACK_KINDS.map((kind) => [
      kind,
      kind === record.request.attack.kind
        ? record
        : (alike.find(({ request }) => request.attack.kind === kind) ?? null),
    ]),
  )
}

/** What a figure takes of a sweep and its siblings: the newest finished one of each of its attacks, in the order of its rows, and which are missing. */
export function figureSweeps(
  figure: keyof typeof FIGURE_ATTACKS,
  record: SweepRecord,
  records: readonly SweepRecord[],
): { ids: string[]; missing: AttackKind[] } {
  const serves = ({ state, request }: SweepRecord): boolean =>
    state === 'finished' && (figure === 'A2' || !request.criticalOnly)
  // A newer sweep that is unfinished or has no curve must not hide an older usable one.
  const siblings = siblingsOf(record, records.filter(serves))
  const found = FIGURE_ATTACKS[figure].flatMap((kind) => {
    const other = siblings.get(kind) ?? null
    return other !== null && serves(other) ? [other] : []
  })
  return {
    ids: found.map(({ id }) => id),
    missing: FIGURE_ATTACKS[figure].filter((kind) => found.every(({ request }) => request.attack.kind !== kind)),
  }
}
