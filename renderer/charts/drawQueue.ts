/** Drawings that wait; a plot that asks again before its turn keeps its place. */
const waiting = new Set<() => void>()
let frame = 0

function next(): void {
  frame = 0
  const [draw] = waiting
  if (draw === undefined) return
  waiting.delete(draw)
  draw()
  if (waiting.size > 0) frame = requestAnimationFrame(next)
}

/** Draws in one of the next frames, one plot a frame: an epoch changes all of them at once, and together they would block the page. */
export function drawSoon(draw: () => void): void {
  waiting.add(draw)
  if (frame === 0) frame = requestAnimationFrame(next)
}

/** Cancels a drawing when its plot is removed. */
export function forgetDrawing(draw: () => void): void {
  waiting.delete(draw)
}
