import { attacksOf, LabError, type AttackKind, type FigureName, type ResultOrigin } from '../../contract/index.js'
import { inPaperOrder } from './paperOrder.js'
import type { SweepResult } from './results.js'

/** One attack against several models: the series of all its sweeps. */
export interface AttackRow {
  kind: AttackKind
  passes: SweepResult['passes']
  series: SweepResult['series']
}

/** Sweeps of several models under the attacks of a figure. */
export interface AlignedSweeps {
  rows: AttackRow[]
  /** Labels that every attack has, in the paper's order. */
  labels: string[]
  /** Labels that some attack lacks. */
  leftOut: string[]
  /** Attacks of the published figure of which no sweep was given. */
  absent: AttackKind[]
}

const refuse = (message: string): LabError => new LabError('figure.results', message)
const words = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
const labelsOf = (sweeps: readonly SweepResult[]): string[] => [
  ...new Set(sweeps.flatMap(({ series }) => series.map(({ label }) => label))),
]
const hashesOf = ({ models }: ResultOrigin, label: string): string =>
  models
    .filter((model) => model.label === label)
    .map(({ sha256 }) => sha256)
    .sort()
    .join()

/** Refuses two sweeps that cannot share one figure. */
function compare(figure: FigureName, a: SweepResult, b: SweepResult): void {
  const [first, second] = [a.origin.id, b.origin.id]
  if (JSON.stringify([a.dataset, a.split]) !== JSON.stringify([b.dataset, b.split]))
    throw refuse(`Figure ${figure} shows attacks on the same images, but ${first} and ${second} use different images`)
  for (const label of labelsOf([a]).filter((one) => labelsOf([b]).includes(one))) {
    if (a.attack.kind === b.attack.kind)
      throw refuse(
        `${first} and ${second} both attack ${label} with ${a.attack.kind}; choose one of them, or give one of them another label`,
      )
    if (hashesOf(a.origin, label) !== hashesOf(b.origin, label))
      throw refuse(
        `${label} is a different model in ${first} and in ${second}; Figure ${figure} shows attacks on the same models`,
      )
  }
  if (a.attack.kind === b.attack.kind && JSON.stringify(a.attack) !== JSON.stringify(b.attack))
    throw refuse(`${first} and ${second} use different ${a.attack.kind} settings, so they cannot share a row`)
}

/**
 * Sweeps in the rows of Figure 1, or for the panels of Figure A2: several of one attack are its models side by side.
 *
 * @param sweeps - in any order
 * @returns a row for every attack that there is; the others are named
 * @throws LabError `figure.results` without sweeps, for an attack that the figure does not show, when no model is in all of them, or
 *   when images, models or settings differ
 */
export function alignSweeps(figure: FigureName, sweeps: readonly SweepResult[]): AlignedSweeps {
  const kinds = attacksOf(figure)
  const needs = `Figure ${figure} shows ${words(kinds)} against the same models`
  if (sweeps.length === 0) throw refuse(`${needs}; choose at least one sweep`)
  const absent = kinds.filter((kind) => sweeps.every(({ attack }) => attack.kind !== kind))
  const other = sweeps.find(({ attack }) => !kinds.includes(attack.kind))
  if (other !== undefined) throw refuse(`${needs}; ${other.origin.id} is a ${other.attack.kind} sweep`)
  sweeps.forEach((sweep, index) => sweeps.slice(0, index).forEach((before) => compare(figure, before, sweep)))
  const rows = kinds
    .filter((kind) => !absent.includes(kind))
    .map((kind): AttackRow => {
      const own = sweeps.filter(({ attack }) => attack.kind === kind)
      return { kind, passes: own.flatMap(({ passes }) => passes), series: own.flatMap(({ series }) => series) }
    })
  const all = inPaperOrder(labelsOf(sweeps))
  const labels = all.filter((label) => rows.every(({ series }) => series.some((line) => line.label === label)))
  if (labels.length === 0) throw refuse(`${needs}; no model appears in all of them`)
  return { rows, labels, leftOut: all.filter((label) => !labels.includes(label)), absent }
}

/** The series of a label. @throws LabError `internal` for one that the attack lacks */
export function seriesOf({ kind, series }: AttackRow, label: string): AttackRow['series'][number] {
  const found = series.find((line) => line.label === label)
  if (found === undefined) throw new LabError('internal', `the ${kind} sweep has no series for ${label}`)
  return found
}
