import type { ClassifierRate } from '../../../contract/index.js'
import type { DraftValue } from '../../stores/drafts.js'

/** A schedule of the paper by its name. */
export interface RatePreset {
  id: 'S1' | 'S2' | 'S3'
  description: string
  rate: ClassifierRate
}

/** The original's schedules S1, S2 and S3 (docs/SOURCES.md 3.6); completed epochs count from 0. */
export const RATE_PRESETS: readonly RatePreset[] = [
  {
    id: 'S1',
    description: 'steps after 30, 90, 120 and 160 epochs',
    rate: {
      kind: 'steps',
      learningRate: 1e-3,
      steps: [
        { after: 30, learningRate: 5e-4 },
        { after: 90, learningRate: 2e-4 },
        { after: 120, learningRate: 1e-4 },
        { after: 160, learningRate: 1e-5 },
      ],
    },
  },
  {
    id: 'S2',
    description: 'hold for 90 epochs, then exponential decay over 30',
    rate: { kind: 'exponential', learningRate: 1e-3, holdEpochs: 90, timeConstant: 30 },
  },
  {
    id: 'S3',
    description: 'hold for 200 epochs, then exponential decay over 80',
    rate: { kind: 'exponential', learningRate: 1e-3, holdEpochs: 200, timeConstant: 80 },
  },
]

/** A plain value with its keys in order, so that equal schedules have equal texts. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a.localeCompare(b)))
      : inner,
  )

/** The name of a schedule of the paper; null for any other. */
export const ratePresetOf = (rate: DraftValue | undefined): RatePreset['id'] | null =>
  RATE_PRESETS.find((preset) => textOf(preset.rate) === textOf(rate ?? null))?.id ?? null
