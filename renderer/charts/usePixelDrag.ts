import { onScopeDispose } from 'vue'

/**
 * Follows a pointer that drags a handle across a plot.
 *
 * @param onMove - called with the position in the element, in pixels from its left edge
 * @param onEnd - called once when the handle is released
 */
export function usePixelDrag(
  onMove: (x: number) => void,
  onEnd: () => void,
): (event: PointerEvent, area: HTMLElement) => void {
  let stop: (() => void) | null = null
  onScopeDispose(() => stop?.())
  return (event, area) => {
    stop?.()
    event.preventDefault()
    ;(event.currentTarget as HTMLElement).focus()
    const left = area.getBoundingClientRect().left
    const move = (next: PointerEvent): void => onMove(next.clientX - left)
    const end = (): void => {
      stop?.()
      onEnd()
    }
    stop = () => {
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', end)
      stop = null
    }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', end)
  }
}
