import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { Gallery, RobustnessPass, RobustnessResult } from '../../../contract/index.js'
import { useQuery, type Query } from '../../composables/useQuery.js'
import { useLink } from '../../composables/useLink.js'
import { galleryImages, type GalleryImage, type GalleryOrder } from './galleryImages.js'

/** Contents and selection of a gallery. */
export interface GalleryView {
  /** Labels of the models, in the order of the rows; the first one's critical norms sort. */
  models: Ref<readonly string[]>
  order: Ref<GalleryOrder>
  sizing: Ref<'same' | 'critical'>
  columns: Ref<number>
  page: Ref<number>
  pages: ComputedRef<number>
  /** Images that every model of the gallery classifies correctly. */
  candidates: ComputedRef<readonly GalleryImage[]>
  answer: Query<Gallery>
  chosen: Ref<{ place: number; model: string } | null>
  /** Smallest ε that fools each model that classifies the image correctly. */
  criticalOf(image: number): { model: string; epsilon: number }[]
}

/** Dragging ε would request many galleries; only the value after a pause is computed. */
const REST_MS = 120

/** The gallery of a sweep at a given ε. */
export function useGallery(result: () => RobustnessResult | null, epsilon: Ref<number | null>): GalleryView {
  const link = useLink()
  const models = shallowRef<readonly string[]>([])
  const order = ref<GalleryOrder>('classes')
  const sizing = ref<'same' | 'critical'>('same')
  const columns = ref(10)
  const page = ref(0)
  const chosen = shallowRef<{ place: number; model: string } | null>(null)
  const passOf = (label: string): RobustnessPass | undefined =>
    result()?.passes.find(({ model }) => model.label === label)
  const candidates = computed(() =>
    galleryImages(
      models.value.flatMap((label) => passOf(label) ?? []),
      order.value,
    ),
  )
  const pages = computed(() => Math.max(1, Math.ceil(candidates.value.length / columns.value)))
  const images = computed(() =>
    candidates.value.slice(page.value * columns.value, (page.value + 1) * columns.value).map(({ image }) => image),
  )
  const answer = useQuery((signal) =>
    link.call(
      'robustness.gallery',
      {
        id: result()?.record.id ?? '',
        models: [...models.value],
        images: images.value,
        epsilon: sizing.value === 'same' ? epsilon.value : null,
      },
      { signal },
    ),
  )
  let timer = 0
  onScopeDispose(() => window.clearTimeout(timer))

  watch(
    () => result()?.record.id,
    () => {
      models.value = []
      answer.clear()
      chosen.value = null
      page.value = 0
    },
  )
  watch(
    result,
    (now) => {
      if (now !== null && models.value.length === 0) models.value = now.series.slice(0, 2).map(({ label }) => label)
    },
    { immediate: true },
  )
  watch([models, order], () => (page.value = 0))
  watch(pages, (count) => (page.value = Math.min(page.value, count - 1)))
  watch(
    () =>
      [
        result()?.record.id,
        models.value.join('\n'),
        images.value.join(),
        sizing.value,
        sizing.value === 'same' ? epsilon.value : null,
      ].join('|'),
    () => {
      window.clearTimeout(timer)
      if (images.value.length === 0 || models.value.length === 0 || (sizing.value === 'same' && epsilon.value === null))
        return answer.clear()
      timer = window.setTimeout(() => void answer.run(), answer.value.value === null ? 0 : REST_MS)
    },
    { immediate: true },
  )
  watch(answer.value, (gallery) => {
    if (gallery === null || gallery.images.length === 0) return
    const known =
      chosen.value !== null &&
      chosen.value.place < gallery.images.length &&
      gallery.rows.some(({ model }) => model.label === chosen.value?.model)
    if (!known) chosen.value = { place: 0, model: gallery.rows[0]?.model.label ?? '' }
  })
  return {
    models,
    order,
    sizing,
    columns,
    page,
    pages,
    candidates,
    answer,
    chosen,
    criticalOf: (image) =>
      (result()?.series ?? []).flatMap(({ label }) => {
        const pass = passOf(label)
        const place = pass?.keptIndices.indexOf(image) ?? -1
        return pass === undefined || place < 0 ? [] : [{ model: label, epsilon: pass.criticalEpsilon[place] ?? NaN }]
      }),
  }
}
