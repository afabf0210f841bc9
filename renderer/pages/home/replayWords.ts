import { paperLabelOf, type ReplayReport, type ReplayRequest, type ReportRow, type ReproScale, type RunRecord } from '../../../contract/index.js'
import { shellWord } from '../../form/commandLine.js'
import { formatDuration, formatSignificant, MINUS } from '../../format/index.js'

/** Rows of one quantity, one for each model; `rule` where all of them have the same. */
export interface ReplayGroup {
  quantity: string
  rule: string
  rows: ReportRow[]
}

/** Rows by what they measure, in the order of the report. */
export function replayGroups(rows: readonly ReportRow[]): ReplayGroup[] {
  return [...new Set(rows.map(({ quantity }) => quantity))].map((quantity) => {
    const own = rows.filter((row) => row.quantity === quantity)
    const rules = new Set(own.map(({ band }) => band?.rule ?? ''))
    const [rule = ''] = rules.size === 1 ? rules : []
    return { quantity: quantity.charAt(0).toUpperCase() + quantity.slice(1), rule: printed(rule), rows: own }
  })
}

/** A rule in words, with real minus signs: files have `-2.9 to -2.4`. */
const printed = (rule: string): string => (rule.startsWith('±') ? `within ${rule}` : rule.replace(/-(?=\d)/g, MINUS))

/** The rule of a row, for a hint. */
export const ruleOf = ({ band }: ReportRow): string => printed(band?.rule ?? 'no band')

const ROW_NAMES: Readonly<Record<string, string>> = { Dataset: 'Data set', Initialized: 'Untrained' }

export const rowName = ({ model }: ReportRow): string => (model === null ? '' : ROW_NAMES[model] ?? model)

/** Our number as it is known: `0.0021`, `below 0.001`, `not reached`. */
export function oursText({ ours, reading }: ReportRow): string {
  if (reading === 'notReached') return 'not reached'
  return ours === null ? '–' : `${reading === 'below' ? 'below ' : ''}${formatSignificant(ours)}`
}

/** The run of a replay that a row speaks of: the classifier of that label before the layer; null for the data and for runs that are gone. */
export function runOfRow({ model }: ReportRow, { scale, seed }: ReplayRequest, runs: readonly RunRecord[]): RunRecord | null {
  const own = runs.filter((run) => run.seed === seed && run.name.startsWith(`Replay, ${scale}: `) && paperLabelOf(run.name) === model)
  return own.find(({ kind }) => kind === 'classifier') ?? own[0] ?? null
}

/** What a row's verdict is called, and its colour. */
export const VERDICT_LOOKS = {
  inside: { text: 'within', tone: 'good' }, outside: { text: 'outside', tone: 'warn' }, noBand: { text: '', tone: 'plain' }, missing: { text: 'not measured', tone: 'plain' }, otherData: { text: 'other data', tone: 'plain' },
} as const satisfies Record<ReportRow['verdict'], { text: string; tone: 'good' | 'warn' | 'plain' }>

/** What came out, in one or two sentences. */
export function verdictText({ set, scale, counts }: ReplayReport): string {
  if (set !== 'cifar10') return 'These are not the images of the paper, so that no number is judged.'
  const banded = counts.inside + counts.outside
  const judged = banded === 0 ? 'No number has a band at this scale.' : `${counts.inside} of ${banded} numbers with a band lie inside it.`
  return scale === 'full' ? judged : `${judged} Networks, epochs and grids are smaller than published: what such a replay shows is the order of the models.`
}

/** What a scale takes, as its button says it. */
export const SCALE_WORDS = {
  smoke: 'Part of CIFAR-10, or the built-in scenes; far from converged. Shows that everything works.',
  demo: 'All of CIFAR-10 with networks of 400 units. Shows the order of the models.',
  full: 'Networks, epochs and grids as published.',
} as const satisfies Record<ReproScale, string>

/** Reckoned time of a scale. */
export const scaleTime = (seconds: number): string => `about ${formatDuration(seconds)} on 2 quiet cores`

/** The same replay from a terminal. With a folder it goes on with the one in the archive, once the window is closed. */
export function replayCommand({ scale, seed }: ReplayRequest, place: { folder: string; archive: string } | null): string {
  const settings = [`--scale ${scale}`, ...(seed === 1 ? [] : [`--seed ${seed}`])]
  const places = place === null ? [] : [`--archive ${shellWord(place.archive)}`, `--out ${shellWord(place.folder)}`]
  return ['lab repro', ...settings, ...places].join(' ')
}
