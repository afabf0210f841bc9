import { until } from '@vueuse/core'
import { computed, nextTick, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { DATASETS, type DatasetSamples, type PlaneResult } from '../../../contract/index.js'
import { useQuery, type Query } from '../../composables/useQuery.js'
import { useLink } from '../../composables/useLink.js'
import { nearImages, type NearImage } from './nearImages.js'
import { centroid, trianglePlaces, unitImage } from './planeImages.js'
import { datasetOf, type PlaneSetup } from './planeSetup.js'
import type { PlanePosition } from './planeView.js'

/** Images of a page of the tray. */
const TRAY = 45
/** How many images are searched for those nearest to a plane, and how many of these are shown. */
export const SEARCHED = 300
const NEAREST = 80
/** p of the norm if no model defines it. */
const USUAL_NORM = 3

/** The images beside a plane: those of its anchors, those to choose from, those that lie near. */
export interface PlaneImages {
  anchors: Query<DatasetSamples>
  tray: Query<DatasetSamples>
  label: Ref<string>
  /** Turns the tray by pages. */
  turn(by: 1 | -1): void
  near: ComputedRef<readonly NearImage[]>
  /** Where the middle of the three chosen images lies in the plane through them; the origin where they span none, null while they are read. */
  readonly middle: ComputedRef<PlanePosition | null>
  /** The same, after the images are read. */
  findMiddle(): Promise<PlanePosition>
}

/**
 * Reads the images that the plane page shows.
 *
 * @param trayOpen - whether images are to be chosen from
 * @param nearWanted - whether images near the plane are to be shown
 */
export function usePlaneImages(
  setup: Readonly<ShallowRef<PlaneSetup>>,
  result: Readonly<ShallowRef<PlaneResult | null>>,
  trayOpen: () => boolean,
  nearWanted: () => boolean,
): PlaneImages {
  const link = useLink()
  const set = computed(() => {
    return JSON.stringify([datasetOf(setup.value), setup.value.split])
  })
  const source = (): { dataset: ReturnType<typeof datasetOf>; split: PlaneSetup['split'] } => ({
    dataset: datasetOf(setup.value),
    split: setup.value.split,
  })
  const anchors = useQuery((signal) =>
    link.call('dataset.images', { ...source(), indices: Int32Array.from(setup.value.images) }, { signal }),
  )
  watch([set, () => setup.value.images.join()], () => void anchors.run(), { immediate: true })

  const label = shallowRef('all')
  const offset = shallowRef(0)
  const tray = useQuery((signal) =>
    link.call(
      'dataset.samples',
      { ...source(), offset: offset.value, count: TRAY, label: label.value === 'all' ? null : Number(label.value) },
      { signal },
    ),
  )
  watch([set, label], () => (offset.value = 0))
  watch(
    [set, label, offset, trayOpen],
    () => {
      if (trayOpen()) void tray.run()
    },
    { immediate: true },
  )

  const searched = useQuery((signal) =>
    link.call('dataset.samples', { ...source(), offset: 0, count: SEARCHED, label: null }, { signal }),
  )
  watch([set, nearWanted], ([now], [before]) => {
    if (nearWanted() && (searched.value.value === null || now !== before)) void searched.run()
  })
  const norm = (): number | null =>
    DATASETS[setup.value.dataset].normalised
      ? (setup.value.imageNorm ?? result.value?.maps[0]?.model.imageNorm ?? USUAL_NORM)
      : null
  const middle = computed<PlanePosition | null>(() => {
    const samples = anchors.value.value
    if (samples === null || anchors.stale.value || samples.indices.join() !== setup.value.images.join()) return null
    const bytes = samples.shape.reduce((product, length) => product * length, 1)
    const p = norm()
    const three = [0, 1, 2].map((place) => {
      const pixels = samples.pixels.subarray(place * bytes, (place + 1) * bytes)
      return p === null ? Float64Array.from(pixels, (value) => (value - 127.5) / 42.5) : unitImage(pixels, p)
    }) as [Float64Array, Float64Array, Float64Array]
    const places = trianglePlaces(three)
    return places === null ? [0, 0] : centroid(places)
  })
  return {
    anchors,
    tray,
    label,
    turn: (by) => {
      const next = offset.value + by * TRAY
      // After the last page comes the first, and the other way round.
      const total = tray.value.value?.total ?? 0
      offset.value = next >= total ? 0 : next < 0 ? Math.max(0, Math.floor((total - 1) / TRAY) * TRAY) : next
    },
    near: computed(() => {
      const geometry = result.value?.geometry
      return geometry === undefined || searched.value.value === null || !nearWanted()
        ? []
        : nearImages(searched.value.value, geometry, norm(), NEAREST)
    }),
    middle,
    findMiddle: async () => {
      // Images that were chosen this moment are asked for by the watcher, in the next flush; a question of our own would only cancel that one.
      await nextTick()
      await until(anchors.busy).toBe(false)
      return middle.value ?? [0, 0]
    },
  }
}
