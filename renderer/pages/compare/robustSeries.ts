import type { AttackSet } from '../../../contract/compare/probes.js'
import type { RobustnessSeries } from '../../../contract/index.js'
import type { AccuracyCurve } from '../../charts/robustnessCurves.js'
import type { NormBox } from '../../charts/CriticalNormBox.vue'
import type { ShownGroup } from './shownGroups.js'

/** A group with its pooled passes. */
export interface GroupSeries {
  group: ShownGroup
  series: RobustnessSeries
}

/** The groups that an attack has passes of. */
export const seriesOf = (set: AttackSet, groups: readonly ShownGroup[]): GroupSeries[] =>
  groups.flatMap((group) => {
    const series = set.groups[group.place] ?? null
    return series === null ? [] : [{ group, series }]
  })

/** Relative accuracy with its interval; a sweep of critical sizes knows only which images no size up to this one fooled. */
export function accuracyCurve({ group, series }: GroupSeries): AccuracyCurve {
  const isCritical = Number.isNaN(series.relativeAccuracy[0] ?? NaN)
  const none = new Float64Array(series.epsilons.length).fill(NaN)
  return {
    label: group.name,
    slot: group.look,
    epsilons: series.epsilons,
    accuracy: isCritical ? series.neverFooledYet : series.relativeAccuracy,
    lower: isCritical ? none : series.relativeLower,
    upper: isCritical ? none : series.relativeUpper,
    epsilonAtHalf: series.epsilonAtHalf,
    inProgress: false,
  }
}

export const normBox = ({ group, series }: GroupSeries): NormBox => ({
  model: group.name,
  slot: group.look,
  box: series.criticalNorm,
  images: series.keptImages,
  neverFooled: series.neverFooled,
  published: null,
})
