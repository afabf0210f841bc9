import type { Band, ReproScale } from '../../../contract/index.js'
import type { RawRow } from './rows.js'

/** Numbers of demo replays and how far from them another seed may lie. */
interface MeasuredBand {
  quantity: string
  model: NonNullable<RawRow['model']>
  /** Smallest and largest of what was measured. */
  measured: readonly [number, number]
  /** Room below and above as a share of these, or of 1 for accuracies. */
  room: number
  source: string
}

const MEDIAN_ROOM = 0.4
const medians = (attack: string, KH: readonly [number, number], BP: readonly [number, number]): MeasuredBand[] => ([['KH', KH], ['BP', BP]] as const).map(([model, measured]) => ({
  quantity: `${attack}: median critical norm`, model, measured, room: MEDIAN_ROOM, source: 'a demo replay of seed 1, and its models over 200 images',
}))

/**
 * What replays of the demo gave. Quantities that were not written down have no band; exponents have none, because 400 units carry other
 * windows than the paper's. Source: docs/SOURCES.md, Bands of a replay.
 */
const DEMO: readonly MeasuredBand[] = [
  { quantity: 'final test accuracy', model: 'KH', measured: [0.4088, 0.4088], room: 0.12, source: 'KH on the demo layer after 200 epochs' },
  { quantity: 'share of unconverged units', model: 'KH', measured: [0, 0.265], room: 0.5, source: 'the demo layer left 0.24 to 0.265' },
  ...medians('random perturbation', [4.62, 5.85], [3.38, 4.27]),
  ...medians('FGSM', [0.172, 0.18], [0.079, 0.087]),
  ...medians('PGD', [0.17, 0.174], [0.076, 0.081]),
]

const digits = (value: number): string => String(Number(value.toPrecision(2)))

function demoBand({ quantity, model }: RawRow): Band | null {
  const found = DEMO.find((entry) => entry.quantity === quantity && entry.model === model)
  if (found === undefined) return null
  const { measured: [low, high], room, source } = found
  const [lower, upper] = [low * (1 - room), high * (1 + room)]
  return { lower, upper, rule: `demo: ${digits(lower)} to ${digits(upper)} (${source})` }
}

/**
 * A row with the band of its scale: published numbers are judged at full size only. A demo is judged by what demos gave; smoke, which
 * converges to nothing, has no bands.
 */
export function atScale(scale: ReproScale, row: RawRow): RawRow {
  if (scale === 'full') return row
  return { ...row, band: scale === 'demo' ? demoBand(row) : null }
}
