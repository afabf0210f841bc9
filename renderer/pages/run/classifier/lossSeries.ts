import {
  LOOK_SLOTS,
  penaltyMetricNames,
  regulariserOf,
  type ClassifierSpec,
  type MetricName,
} from '../../../../contract/index.js'
import { formatExact } from '../../../format/index.js'
import type { MetricColumn } from '../../../run/metricColumns.js'

/** A curve of the loss: the whole, the cross entropy, or a penalty. */
export interface LossCurve {
  name: string
  metric: MetricName
  /** Slot of the chart's colours. */
  slot: number
}

/** Slots of the chart's colours: blue for the whole, the paper's for its parts. */
const WHOLE_SLOT = 5
const CROSS_ENTROPY_SLOT = 1
const PENALTY_SLOTS = [0, 2, 3, 4] as const

/**
 * The curves of a classifier's loss.
 *
 * @param weighted - penalties as parts of the loss; else the terms without their strengths
 */
export function lossCurves({ regularisers }: ClassifierSpec, weighted: boolean): LossCurve[] {
  const shortNames: string[] = regularisers.map(({ kind }) => regulariserOf(kind).short)
  const penalties = regularisers.map((term, index): LossCurve => {
    const short = shortNames[index] ?? ''
    const twice = shortNames.indexOf(short) !== shortNames.lastIndexOf(short)
    const { term: bare, weighted: part } = penaltyMetricNames(index)
    return {
      name: `${weighted ? `${formatExact(term.strength)} ` : ''}${short}${twice ? ` ${index + 1}` : ''}`,
      metric: weighted ? part : bare,
      slot: PENALTY_SLOTS[index % PENALTY_SLOTS.length] ?? 0,
    }
  })
  // Without penalties the loss is the cross entropy.
  const whole: LossCurve[] = regularisers.length > 0 ? [{ name: 'loss', metric: 'loss', slot: WHOLE_SLOT }] : []
  // Dashed where the loss runs just above it, so that neither hides the other.
  const dash = regularisers.length > 0 ? LOOK_SLOTS : 0
  return [...whole, { name: 'cross entropy', metric: 'crossEntropy', slot: CROSS_ENTROPY_SLOT + dash }, ...penalties]
}

/** The value of a curve at an epoch, or its last one; null when it was not measured there. */
export function valueAtEpoch({ epoch, value }: MetricColumn, at: number | null): number | null {
  const place = at === null ? value.length - 1 : epoch.indexOf(at)
  return value[place] ?? null
}
