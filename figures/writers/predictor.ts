/**
 * Rows of a picture as differences from the row above: repeated rows become zeros, which deflate packs quickly.
 *
 * @param bytes - rows x rowBytes
 * @returns every row with its mark 2 (up) before it; readers undo it with predictor 12
 *
 * Source: PNG specification, third edition, section 9 (filter type 2); ISO 32000-1, section 7.4.4.4.
 */
export function upPredicted(bytes: Uint8Array, rowBytes: number): Uint8Array {
  const rows = bytes.length / rowBytes
  const target = new Uint8Array(rows * (rowBytes + 1))
  for (let row = 0; row < rows; row++) {
    const place = row * (rowBytes + 1)
    target[place] = 2
    for (let index = 0; index < rowBytes; index++)
      target[place + 1 + index] =
        (bytes[row * rowBytes + index] ?? 0) - (row === 0 ? 0 : (bytes[(row - 1) * rowBytes + index] ?? 0))
  }
  return target
}
