import { onScopeDispose } from 'vue'

/**
 * Follows a pointer that drags a handle across a plot.
 *
 * @param onMove - told of the place in the element, in pixels from its left edge
 * @param onEnd - told once when the handle is let go
 */
export function usePixelDrag(onMove: (x: number) => void, onEnd: () => void): (event: PointerEvent, area: HTMLElement) => void {
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
