import { computed, type ComputedRef } from 'vue'
import { imageShape, type ExperimentSpec } from '../../../contract/index.js'
import { unitNumbers, type UnitNumbers } from '../../run/mosaicTiles.js'
import type { OpenRun } from './useRun.js'

/** The receptive fields of a run as the screen needs them. */
export interface RunFields {
  weights: ComputedRef<Float32Array | null>
  epoch: ComputedRef<number | null>
  units: ComputedRef<number>
  shape: ComputedRef<readonly [number, number, number]>
  numbers: ComputedRef<UnitNumbers | null>
}

/** The norm of the units: that of the layer; none for a classifier. */
const lebesgueNormOf = (spec: ExperimentSpec): number => (spec.kind === 'localLearning' ? spec.layer.lebesgueNorm : 2)

/** Fields and numbers of the newest weights. */
export function useFields(run: OpenRun): RunFields {
  const array = computed(() => run.arrays.value.get('weights') ?? null)
  const weights = computed(() => (array.value?.data instanceof Float32Array ? array.value.data : null))
  const units = computed(() => array.value?.shape[0] ?? 0)
  return {
    weights,
    units,
    epoch: computed(() => array.value?.epoch ?? null),
    shape: computed(() => (run.spec.value === null ? [1, 1, 1] : imageShape(run.spec.value.dataset))),
    numbers: computed(() =>
      weights.value === null || run.spec.value === null
        ? null
        : unitNumbers(weights.value, units.value, array.value?.shape[1] ?? 1, lebesgueNormOf(run.spec.value)),
    ),
  }
}
