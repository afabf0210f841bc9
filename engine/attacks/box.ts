/** Range of values that an adversarial image may have. */
export interface Box {
  low: number
  high: number
}

/** Boxes of B images. */
export interface Boxes {
  low: Float32Array
  high: Float32Array
}

/**
 * The box of an image: [0, 1], widened to the values that the image has already. Clipping to it moves no entry of the image itself, so
 * that ‖clip(x + δ) - x‖ <= ‖δ‖ in every norm; noise is not confined to [0, 1].
 */
export function boxOf(image: Float32Array): Box {
  let [low, high] = [0, 1]
  for (const value of image) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high }
}

/** @param images - B x d */
export function boxesOf(images: Float32Array, count: number, entries: number): Boxes {
  const boxes = Array.from({ length: count }, (_, image) =>
    boxOf(images.subarray(image * entries, (image + 1) * entries)),
  )
  return { low: Float32Array.from(boxes, ({ low }) => low), high: Float32Array.from(boxes, ({ high }) => high) }
}
