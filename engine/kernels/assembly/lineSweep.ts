// A network along a line x + ε d: hidden activations are base + ε slope until pixels reach the end of their range.
// Pointers are byte offsets; `units` is a multiple of 4, padded with zeros.

/** One pixel stops: base += rest · column, slope -= step · column. */
export function stopPixel(base: usize, slope: usize, column: usize, rest: f32, step: f32, units: i32): void {
  const r = f32x4.splat(rest), s = f32x4.splat(step)
  const bytes = <usize>units << 2
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = v128.load(column + at)
    v128.store(base + at, f32x4.add(v128.load(base + at), f32x4.mul(r, g)))
    v128.store(slope + at, f32x4.sub(v128.load(slope + at), f32x4.mul(s, g)))
  }
}

/** max(h, 0)^(halves / 2), halves >= 2. */
// @ts-ignore: decorator of the compiler
@inline function power(h: v128, halves: i32): v128 {
  const x = f32x4.max(h, f32x4.splat(0))
  if (halves == 2) return x
  let result = (halves & 1) != 0 ? f32x4.sqrt(x) : f32x4.splat(1)
  let square = x
  for (let rest = halves >> 1; rest > 0; rest >>= 1) {
    if ((rest & 1) != 0) result = f32x4.mul(result, square)
    if (rest > 1) square = f32x4.mul(square, square)
  }
  return result
}

/** hidden = base + ε slope, latent = max(hidden, 0)^(halves / 2). */
export function evaluate(hidden: usize, latent: usize, base: usize, slope: usize, epsilon: f32, halves: i32, units: i32): void {
  const e = f32x4.splat(epsilon)
  const bytes = <usize>units << 2
  for (let at: usize = 0; at < bytes; at += 16) {
    const h = f32x4.add(v128.load(base + at), f32x4.mul(e, v128.load(slope + at)))
    v128.store(hidden + at, h)
    v128.store(latent + at, power(h, halves))
  }
}

// @ts-ignore: decorator of the compiler
@inline function total(lanes: v128): f32 {
  return (f32x4.extract_lane(lanes, 0) + f32x4.extract_lane(lanes, 1)) + (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3))
}

/** out[r] = rows[r] · latent for a number of rows that is a multiple of 6. */
export function products(out: usize, rows: usize, latent: usize, count: i32, units: i32): void {
  const bytes = <usize>units << 2
  for (let row = 0; row < count; row += 6) {
    const first = rows + <usize>row * bytes
    const second = first + bytes, third = second + bytes, fourth = third + bytes, fifth = fourth + bytes, sixth = fifth + bytes
    let a = f32x4.splat(0), b = f32x4.splat(0), c = f32x4.splat(0), d = f32x4.splat(0), e = f32x4.splat(0), f = f32x4.splat(0)
    for (let at: usize = 0; at < bytes; at += 16) {
      const x = v128.load(latent + at)
      a = f32x4.add(a, f32x4.mul(x, v128.load(first + at)))
      b = f32x4.add(b, f32x4.mul(x, v128.load(second + at)))
      c = f32x4.add(c, f32x4.mul(x, v128.load(third + at)))
      d = f32x4.add(d, f32x4.mul(x, v128.load(fourth + at)))
      e = f32x4.add(e, f32x4.mul(x, v128.load(fifth + at)))
      f = f32x4.add(f, f32x4.mul(x, v128.load(sixth + at)))
    }
    const to = out + (<usize>row << 2)
    store<f32>(to, total(a))
    store<f32>(to, total(b), 4)
    store<f32>(to, total(c), 8)
    store<f32>(to, total(d), 12)
    store<f32>(to, total(e), 16)
    store<f32>(to, total(f), 20)
  }
}

/**
 * Σ_μ weight_μ (range_μ - |f(h') - f(h)| / 2): how far the latent activations between two sizes can lead away from their middle.
 * The range of f is that over [min(h, h') - δ, max(h, h') + δ] with δ = reach · norm_μ.
 */
export function spread(hidden: usize, other: usize, norms: usize, weights: usize, reach: f32, halves: i32, units: i32): f32 {
  const bytes = <usize>units << 2
  const r = f32x4.splat(reach), half = f32x4.splat(0.5)
  let sum = f32x4.splat(0)
  for (let at: usize = 0; at < bytes; at += 16) {
    const a = v128.load(hidden + at), b = v128.load(other + at)
    const low = f32x4.min(a, b), high = f32x4.max(a, b)
    const between = f32x4.sub(power(high, halves), power(low, halves))
    let width = between
    if (reach > 0) {
      const delta = f32x4.mul(r, v128.load(norms + at))
      width = f32x4.sub(power(f32x4.add(high, delta), halves), power(f32x4.sub(low, delta), halves))
    }
    sum = f32x4.add(sum, f32x4.mul(v128.load(weights + at), f32x4.sub(width, f32x4.mul(half, between))))
  }
  return total(sum)
}
