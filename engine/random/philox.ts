/**
 * Philox4x32-10: a counter-based random function of 128-bit counters and 64-bit keys.
 *
 * Ten rounds of two 32 x 32 -> 64 bit products; the key is raised by the Weyl constants after each round.
 *
 * @param counter - four 32-bit words, replaced by the result
 * @param key0 - low word of the key
 * @param key1 - high word of the key
 *
 * Source: J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011; vectors of Random123.
 */
export function philox4x32(counter: Uint32Array, key0: number, key1: number): void {
  let c0 = counter[0] ?? 0
  let c1 = counter[1] ?? 0
  let c2 = counter[2] ?? 0
  let c3 = counter[3] ?? 0
  let k0 = key0 >>> 0
  let k1 = key1 >>> 0
  for (let round = 0; round < 10; round++) {
    const low0 = Math.imul(0xd2511f53, c0)
    const high0 = highProduct(0xd2511f53, c0)
    const low1 = Math.imul(0xcd9e8d57, c2)
    const high1 = highProduct(0xcd9e8d57, c2)
    c0 = high1 ^ c1 ^ k0
    c1 = low1
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + 0x9e3779b9) | 0
    k1 = (k1 + 0xbb67ae85) | 0
  }
  counter[0] = c0
  counter[1] = c1
  counter[2] = c2
  counter[3] = c3
}

/** Upper 32 bits of an unsigned product, by 16-bit halves so that no digit is lost. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = (middle & 0xffff) + aLow * bHigh
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) | 0
}
