import {
  ATTACK_KINDS,
  attacksOf,
  figureOf,
  type AttackKind,
  type FigureName,
  type SweepRecord,
} from '../../../contract/index.js'

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

/** Whether a sweep has what a figure shows of one: it is finished, and has the accuracy at each size where that is shown. */
export function servesFigure(figure: FigureName, { state, request }: SweepRecord): boolean {
  const { inputs } = figureOf(figure)
  return state === 'finished' && inputs.kind === 'sweep' && !(inputs.wholeCurves && request.criticalOnly)
}

/** What a figure takes of a sweep and its siblings: the newest finished one of each of its attacks, in the order of its rows, and which are missing. */
export function figureSweeps(
  figure: FigureName,
  record: SweepRecord,
  records: readonly SweepRecord[],
): { ids: string[]; missing: AttackKind[] } {
  const serves = (sweep: SweepRecord): boolean => servesFigure(figure, sweep)
  // A newer sweep that is unfinished or has no curve must not hide an older usable one.
  const siblings = siblingsOf(record, records.filter(serves))
  const found = attacksOf(figure).flatMap((kind) => {
    const other = siblings.get(kind) ?? null
    return other !== null && serves(other) ? [other] : []
  })
  return {
    ids: found.map(({ id }) => id),
    missing: attacksOf(figure).filter((kind) => found.every(({ request }) => request.attack.kind !== kind)),
  }
}
