/** Room for images, one a row; rows may be longer than an image, and what is beyond stays 0. */
export interface ImageRows {
  readonly data: Float32Array
  /** Entries from one image to the next, at least d. */
  readonly rowLength: number
  /** Writes factor · bytes into a row, where a kernel does it faster than entry by entry; the factor is a float32. */
  scaleBytes?(row: number, bytes: Uint8Array, factor: number): void
}

/** Images without gaps as rows. */
export const rowsOf = (data: Float32Array | ImageRows, inputSize: number): ImageRows =>
  data instanceof Float32Array ? { data, rowLength: inputSize } : data
