// Sixteen standard normal numbers at a time: Philox4x32-10 in four lanes, then Box and Muller in float32. Without fused products
// every step is one IEEE operation, so that a plain function gives the same bits (tests/engine/random/imageNoise.test.ts).

/** ln u for u in (0, 1): exponent and a polynomial of the mantissa (Cephes, logf). */
function logarithm(u: v128): v128 {
  const offset = i32x4.splat(0x3f3504f3)
  const exponent = i32x4.shr_s(i32x4.sub(u, offset), 23)
  const f = f32x4.sub(i32x4.sub(u, i32x4.shl(exponent, 23)), f32x4.splat(1))
  const e = f32x4.convert_i32x4_s(exponent)
  const z = f32x4.mul(f, f)
  let y = f32x4.splat(7.0376836292e-2)
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(-1.1514610310e-1))
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(1.1676998740e-1))
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(-1.2420140846e-1))
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(1.4249322787e-1))
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(-1.6668057665e-1))
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(2.0000714765e-1))
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(-2.4999993993e-1))
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(3.3333331174e-1))
  y = f32x4.mul(f32x4.mul(y, f), z)
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.12194440e-4)))
  y = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)))
  return f32x4.add(f32x4.add(f, y), f32x4.mul(e, f32x4.splat(0.693359375)))
}

/** Two vectors of normal numbers from two of random bits, stored side by side. */
function pair(target: usize, a: v128, b: v128): void {
  // 23 bits and a half: never 0, never 1, exact in float32.
  const u = f32x4.mul(f32x4.add(f32x4.convert_i32x4_u(i32x4.shr_u(a, 9)), f32x4.splat(0.5)), f32x4.splat(1.1920928955078125e-7))
  const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), logarithm(u)))
  // The two upper bits choose a quarter of the circle, the others a place within it.
  const part = f32x4.sub(f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(i32x4.shl(b, 2), 9)), f32x4.splat(1.1920928955078125e-7)), f32x4.splat(0.5))
  const x = f32x4.mul(part, f32x4.splat(1.5707963267948966))
  const z = f32x4.mul(x, x)
  let s = f32x4.add(f32x4.mul(z, f32x4.splat(-1.9515295891e-4)), f32x4.splat(8.3321608736e-3))
  s = f32x4.add(f32x4.mul(s, z), f32x4.splat(-1.6666654611e-1))
  s = f32x4.add(f32x4.mul(f32x4.mul(s, z), x), x)
  let c = f32x4.add(f32x4.mul(z, f32x4.splat(2.443315711809948e-5)), f32x4.splat(-1.388731625493765e-3))
  c = f32x4.add(f32x4.mul(c, z), f32x4.splat(4.166664568298827e-2))
  c = f32x4.add(f32x4.sub(f32x4.mul(f32x4.mul(c, z), z), f32x4.mul(z, f32x4.splat(0.5))), f32x4.splat(1))
  const quarter = i32x4.shr_u(b, 30)
  const turned = i32x4.ne(v128.and(quarter, i32x4.splat(1)), i32x4.splat(0))
  const cosine = v128.bitselect(s, c, turned)
  const sine = v128.bitselect(c, s, turned)
  // Signs by quarter: + - - + for the cosine, + + - - for the sine.
  const cosineSign = i32x4.shl(v128.xor(i32x4.shr_u(quarter, 1), v128.and(quarter, i32x4.splat(1))), 31)
  const sineSign = i32x4.shl(i32x4.shr_u(quarter, 1), 31)
  v128.store(target, v128.xor(f32x4.mul(radius, cosine), cosineSign))
  v128.store(target, v128.xor(f32x4.mul(radius, sine), sineSign), 16)
}

/** target[0 .. count) for a count that is a multiple of 16; block number, 0, third, fourth are the counter. */
export function normals(target: usize, count: i32, key0: i32, key1: i32, third: i32, fourth: i32): void {
  const m0 = i32x4.splat(<i32>0xd2511f53), m1 = i32x4.splat(<i32>0xcd9e8d57)
  let block = i32x4(0, 1, 2, 3)
  for (let index = 0; index < count; index += 16) {
    let c0 = block, c1 = i32x4.splat(0), c2 = i32x4.splat(third), c3 = i32x4.splat(fourth)
    let k0 = key0, k1 = key1
    for (let round = 0; round < 10; round++) {
      const a0 = i64x2.extmul_low_i32x4_u(c0, m0), a1 = i64x2.extmul_high_i32x4_u(c0, m0)
      const b0 = i64x2.extmul_low_i32x4_u(c2, m1), b1 = i64x2.extmul_high_i32x4_u(c2, m1)
      const low0 = v128.shuffle<i32>(a0, a1, 0, 2, 4, 6), high0 = v128.shuffle<i32>(a0, a1, 1, 3, 5, 7)
      const low1 = v128.shuffle<i32>(b0, b1, 0, 2, 4, 6), high1 = v128.shuffle<i32>(b0, b1, 1, 3, 5, 7)
      c0 = v128.xor(v128.xor(high1, c1), i32x4.splat(k0))
      c1 = low1
      c2 = v128.xor(v128.xor(high0, c3), i32x4.splat(k1))
      c3 = low0
      k0 += <i32>0x9e3779b9
      k1 += <i32>0xbb67ae85
    }
    const to = target + (<usize>index << 2)
    pair(to, c0, c2)
    pair(to + 32, c1, c3)
    block = i32x4.add(block, i32x4.splat(4))
  }
}

/** target = source + factor · target for a count that is a multiple of 16; every step is rounded. */
export function addTo(target: usize, source: usize, factor: f32, count: i32): void {
  const scale = f32x4.splat(factor)
  for (const end = target + (<usize>count << 2); target < end; target += 16, source += 16) v128.store(target, f32x4.add(v128.load(source), f32x4.mul(scale, v128.load(target))))
}
