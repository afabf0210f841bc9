import { computed, type ComputedRef } from 'vue'
import type { DatasetSamples, PlaneMap, PlaneResult } from '../../../contract/index.js'
import { rgbaOf } from '../../run/pictures.js'
import type { AnchorName } from './useAnchorDrag.js'
import { byProbability, probabilitiesAt, type PlaneFrame } from './planeGrid.js'
import type { PlaneSetup } from './planeSetup.js'

/** An anchor image and the selected model's prediction for it. */
export interface AnchorRow {
  name: AnchorName
  image: number
  /** Class name; null while loading. */
  label: string | null
  rgba: Uint8ClampedArray | null
  shape: readonly [height: number, width: number, channels: number]
  taken: { label: string; confidence: number; right: boolean } | null
}

interface Shown {
  result: PlaneResult
  map: PlaneMap
  frame: PlaneFrame
}

/**
 * The chosen images, and what a model says of them where they are those of the plane on screen.
 *
 * @param shown - the plane on screen and the chosen model's map; null without one of this set and split
 */
export function useAnchorRows(
  setup: () => PlaneSetup,
  samples: () => DatasetSamples | null,
  classNames: () => readonly string[],
  shown: () => Shown | null,
): ComputedRef<AnchorRow[]> {
  const word = (label: number): string => classNames()[label] ?? String(label)
  const taken = (name: AnchorName, image: number): AnchorRow['taken'] => {
    const now = shown()
    const anchor = now?.result.geometry.anchors.find((each) => each.name === name && each.image === image)
    const probabilities =
      now === null || anchor === undefined ? null : probabilitiesAt(now.map.probabilities, now.frame, anchor.position)
    const [best] = probabilities === null ? [] : byProbability(probabilities)
    return best === undefined || probabilities === null || anchor === undefined
      ? null
      : { label: word(best), confidence: probabilities[best] ?? 0, right: best === anchor.label }
  }
  return computed(() =>
    (['A', 'B', 'C'] as const).slice(0, setup().kind === 'images' ? 3 : 1).map((name, index): AnchorRow => {
      const image = setup().images[index] ?? 0
      const read = samples()
      const at = read?.indices.indexOf(image) ?? -1
      const known =
        read === null || at < 0
          ? { label: null, rgba: null, shape: [1, 1, 1] as const }
          : { label: word(read.labels[at] ?? 0), rgba: rgbaOf(read.pixels, at, read.shape), shape: read.shape }
      return { name, image, ...known, taken: taken(name, image) }
    }),
  )
}
