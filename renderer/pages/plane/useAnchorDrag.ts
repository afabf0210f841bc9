import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { PlaneAnchor } from '../../../contract/index.js'

export type AnchorName = PlaneAnchor['name']

/** A disc in progress to another image. */
export interface DraggedAnchor {
  name: AnchorName
  /** Of the pointer in the window, CSS pixels. */
  x: number
  y: number
  /** The image under it, an element with `data-image`. */
  over: number | null
}

function imageUnder(x: number, y: number): number | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const image = element.closest<HTMLElement>('[data-image]')?.dataset['image']
    if (image !== undefined) return Number(image)
  }
  return null
}

/** A press that moves less is a click. */
const SHORTEST_DRAG = 4

/**
 * Drags the discs A, B and C onto images.
 *
 * @param onDrop - called with the image on which a disc was dropped
 * @param onClick - called with a disc that was clicked
 */
export function useAnchorDrag(
  onDrop: (name: AnchorName, image: number) => void,
  onClick: (name: AnchorName) => void,
): { dragged: Readonly<ShallowRef<DraggedAnchor | null>>; grab(name: AnchorName, event: PointerEvent): void } {
  const dragged = shallowRef<DraggedAnchor | null>(null)
  let stop: (() => void) | null = null
  onScopeDispose(() => stop?.())
  return {
    dragged,
    grab: (name, event) => {
      if (event.button !== 0) return
      event.preventDefault()
      stop?.()
      const [x0, y0] = [event.clientX, event.clientY]
      const move = ({ clientX: x, clientY: y }: PointerEvent): void => {
        if (dragged.value !== null || Math.hypot(x - x0, y - y0) >= SHORTEST_DRAG)
          dragged.value = { name, x, y, over: imageUnder(x, y) }
      }
      const up = (): void => {
        const last = dragged.value
        stop?.()
        if (last === null) onClick(name)
        else if (last.over !== null) onDrop(name, last.over)
      }
      const key = (pressed: KeyboardEvent): void => {
        if (pressed.key === 'Escape') stop?.()
      }
      stop = () => {
        window.removeEventListener('pointermove', move)
        window.removeEventListener('pointerup', up)
        window.removeEventListener('keydown', key)
        dragged.value = null
        stop = null
      }
      window.addEventListener('pointermove', move)
      window.addEventListener('pointerup', up)
      window.addEventListener('keydown', key)
    },
  }
}
