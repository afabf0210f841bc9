import type { Band, ReproScale } from '../../../contract/index.js'
import type { RawRow } from './rows.js'

/** Results of demo replays, and how far the results of another seed may differ. */
interface MeasuredBand {
  quantity: string
  model: NonNullable<RawRow['model']>
  /** Smallest and largest measured value. */
  measured: readonly [number, number]
  /** Room below and above, as a fraction of these. */
  room: number
  source: string
}

const MEDIAN_ROOM = 0.4
const medians = (attack: string, KH: readonly [number, number], BP: readonly [number, number]): MeasuredBand[] =>
  (
    [
      ['KH', KH],
      ['BP', BP],
    ] as const
  ).map(([model, measured]) => ({
    quantity: `${attack}: median critical norm`,
    model,
    measured,
    room: MEDIAN_ROOM,
    source: 'a demo replay of seed 1, and its models over 200 images',
  }))

/**
 * Results of demo replays. Quantities without recorded results have no band, and exponents have none, because a layer of 400 units allows
 * other windows than the paper's. Source: docs/SOURCES.md, Bands of a replay.
 */
const DEMO: readonly MeasuredBand[] = [
  {
    quantity: 'final test accuracy',
    model: 'KH',
    measured: [0.4088, 0.4088],
    room: 0.12,
    source: 'KH on the demo layer after 200 epochs',
  },
  {
    quantity: 'fraction of unconverged units',
    model: 'KH',
    measured: [0, 0.1],
    room: 0,
    source: 'the criterion of the paper; seeds 1 to 3 leave 0.05 to 0.085',
  },
  ...medians('random perturbation', [4.62, 5.85], [3.38, 4.27]),
  ...medians('FGSM', [0.172, 0.18], [0.079, 0.087]),
  ...medians('PGD', [0.17, 0.174], [0.076, 0.081]),
]

const digits = (value: number): string => String(Number(value.toPrecision(2)))

function demoBand({ quantity, model }: RawRow): Band | null {
  const found = DEMO.find((entry) => entry.quantity === quantity && entry.model === model)
  if (found === undefined) return null
  const {
    measured: [low, high],
    room,
    source,
  } = found
  const [lower, upper] = [low * (1 - room), high * (1 + room)]
  return { lower, upper, rule: `demo: ${digits(lower)} to ${digits(upper)} (${source})` }
}

/**
 * A row with the band of its scale: published values are compared at full size only, and a demo is compared with earlier demos. Smoke
 * does not converge, so it has no bands.
 */
export function atScale(scale: ReproScale, row: RawRow): RawRow {
  if (scale === 'full') return row
  return { ...row, band: scale === 'demo' ? demoBand(row) : null }
}
