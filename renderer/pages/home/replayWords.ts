import {
  paperLabelOf,
  type ReplayReport,
  type ReplayRequest,
  type ReportRow,
  type ReproScale,
  type RunRecord,
} from '../../../contract/index.js'
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

/** The text of a tolerance, with real minus signs: files have `-2.9 to -2.4`. */
const printed = (rule: string): string => (rule.startsWith('±') ? `within ${rule}` : rule.replace(/-(?=\d)/g, MINUS))

/** The rule of a row, for a hint. */
export const ruleOf = ({ band }: ReportRow): string => printed(band?.rule ?? 'no tolerance')

const ROW_NAMES: Readonly<Record<string, string>> = { Dataset: 'Dataset', Initialized: 'Untrained' }

export const rowName = ({ model }: ReportRow): string => (model === null ? '' : (ROW_NAMES[model] ?? model))

/** The measured value as it is known: `0.0021`, `below 0.001`, `not reached`. */
export function oursText({ ours, reading }: ReportRow): string {
  if (reading === 'notReached') return 'not reached'
  return ours === null ? '–' : `${reading === 'below' ? 'below ' : ''}${formatSignificant(ours)}`
}

/** The run behind a row: the classifier with that label, else the layer; null for the data and for removed runs. */
export function runOfRow(
  { model }: ReportRow,
  { scale, seed }: ReplayRequest,
  runs: readonly RunRecord[],
): RunRecord | null {
  const own = runs.filter(
    (run) => run.seed === seed && run.name.startsWith(`Replay, ${scale}: `) && paperLabelOf(run.name) === model,
  )
  return own.find(({ kind }) => kind === 'classifier') ?? own[0] ?? null
}

/** The name and colour of a row's verdict. */
export const VERDICT_LOOKS = {
  inside: { text: 'within', tone: 'good' },
  outside: { text: 'outside', tone: 'warn' },
  noBand: { text: '', tone: 'plain' },
  missing: { text: 'not measured', tone: 'plain' },
  otherData: { text: 'different data', tone: 'plain' },
} as const satisfies Record<ReportRow['verdict'], { text: string; tone: 'good' | 'warn' | 'plain' }>

/** The outcome in one or two sentences. */
export function verdictText({ set, scale, counts }: ReplayReport): string {
  if (set !== 'cifar10')
    return 'These are not the images of the paper, so results are not compared with the tolerances.'
  const banded = counts.inside + counts.outside
  const judged =
    banded === 0
      ? 'No result has a tolerance at this scale.'
      : `${counts.inside} of ${banded} results are within tolerance.`
  return scale === 'full'
    ? judged
    : `${judged} Networks, epochs and grids are smaller than published, so only the ranking of the models can be compared.`
}

/** What each scale includes. */
export const SCALE_WORDS = {
  smoke: 'Uses part of CIFAR-10, or the built-in scenes; far from convergence. Checks that everything works.',
  demo: 'Uses all of CIFAR-10 with networks of 400 units. Shows the ranking of the models.',
  full: 'Uses the published networks, epochs and grids.',
} as const satisfies Record<ReproScale, string>

/** Estimated time of a scale. */
export const scaleTime = (seconds: number): string => `about ${formatDuration(seconds)} on 2 idle cores`

/** The same replay as a command. Given a folder, it continues the archived replay while it does not run in the window. */
export function replayCommand(
  { scale, seed }: ReplayRequest,
  place: { folder: string; archive: string } | null,
): string {
  const settings = [`--scale ${scale}`, ...(seed === 1 ? [] : [`--seed ${seed}`])]
  const places = place === null ? [] : [`--archive ${shellWord(place.archive)}`, `--out ${shellWord(place.folder)}`]
  return ['lab repro', ...settings, ...places].join(' ')
}
