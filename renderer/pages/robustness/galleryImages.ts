import type { RobustnessPass } from '../../../contract/index.js'

/** Orders of the gallery. */
export const GALLERY_ORDERS = {
  classes: 'One per class',
  weakest: 'Smallest critical norm',
  strongest: 'Largest critical norm',
  index: 'Image number',
} as const
export type GalleryOrder = keyof typeof GALLERY_ORDERS

/** An image that can be shown: kept by every model of the gallery. */
export interface GalleryImage {
  image: number
  label: number
  /** Against the model that sorts; NaN where never fooled. */
  criticalNorm: number
}

/** Never fooled counts as the strongest. */
const strength = ({ criticalNorm }: GalleryImage): number => (Number.isNaN(criticalNorm) ? Infinity : criticalNorm)

/** First of every class, then second of every class, and so on. */
function byClass(images: readonly GalleryImage[]): GalleryImage[] {
  const seen = new Map<number, number>()
  const rounds = images.map((image) => {
    const round = seen.get(image.label) ?? 0
    seen.set(image.label, round + 1)
    return { image, round }
  })
  return rounds.sort((a, b) => a.round - b.round || a.image.label - b.image.label).map(({ image }) => image)
}

/**
 * Images that every one of some passes classifies correctly, in an order.
 *
 * @param passes - one for each model of the gallery; the first one's critical norms sort
 */
export function galleryImages(passes: readonly RobustnessPass[], order: GalleryOrder): GalleryImage[] {
  const [first, ...others] = passes
  if (first === undefined) return []
  const kept = others.map(({ keptIndices }) => new Set(keptIndices))
  const images = Array.from(first.keptIndices, (image, place): GalleryImage => ({
    image,
    label: first.labels[place] ?? 0,
    criticalNorm: first.criticalNorm[place] ?? NaN,
  })).filter(({ image }) => kept.every((set) => set.has(image)))
  if (order === 'classes') return byClass(images)
  if (order === 'index') return images
  // Infinities have no difference.
  const rising = images.sort((a, b) => (strength(a) === strength(b) ? a.image - b.image : strength(a) - strength(b)))
  return order === 'weakest' ? rising : rising.reverse()
}
