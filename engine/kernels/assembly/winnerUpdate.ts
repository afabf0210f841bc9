// Pointers are byte offsets into the layer's memory; `inputs` is a multiple of 4, rows are padded with zeros.

/** sums[i] = Σ_n gains[n] · images[list[n]][i] over the entries of one unit. */
export function accumulate(sums: usize, images: usize, count: i32, list: usize, gains: usize, inputs: i32): void {
  const bytes = <usize>inputs << 2
  // Registers hold sixteen sums while the images of the unit pass by; each sum is read and written once.
  let at: usize = 0
  for (; at + 64 <= bytes; at += 64) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0)
    for (let entry = 0; entry < count; entry++) {
      const image = images + <usize>load<i32>(list + (<usize>entry << 2)) * bytes + at
      const gain = v128.load32_splat(gains + (<usize>entry << 2))
      s0 = f32x4.add(s0, f32x4.mul(gain, v128.load(image)))
      s1 = f32x4.add(s1, f32x4.mul(gain, v128.load(image, 16)))
      s2 = f32x4.add(s2, f32x4.mul(gain, v128.load(image, 32)))
      s3 = f32x4.add(s3, f32x4.mul(gain, v128.load(image, 48)))
    }
    v128.store(sums + at, s0)
    v128.store(sums + at, s1, 16)
    v128.store(sums + at, s2, 32)
    v128.store(sums + at, s3, 48)
  }
  for (; at < bytes; at += 16) {
    let s0 = f32x4.splat(0)
    for (let entry = 0; entry < count; entry++) {
      const image = images + <usize>load<i32>(list + (<usize>entry << 2)) * bytes + at
      s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(gains + (<usize>entry << 2)), v128.load(image)))
    }
    v128.store(sums + at, s0)
  }
}

/** sums -= decay · weights; returns the largest |sum|. A NaN stays in the lanes and comes back. */
export function subtractDecay(sums: usize, weights: usize, decay: f32, inputs: i32): f32 {
  const bytes = <usize>inputs << 2
  const factor = f32x4.splat(decay)
  let largest = f32x4.splat(0)
  for (let at: usize = 0; at < bytes; at += 16) {
    const value = f32x4.sub(v128.load(sums + at), f32x4.mul(factor, v128.load(weights + at)))
    v128.store(sums + at, value)
    largest = f32x4.max(largest, f32x4.abs(value))
  }
  return max(max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)), max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)))
}

/** weights += scale · sums, metric = weights · |weights| (p = 3); returns Σ |change| in float64. */
export function applyChange(sums: usize, weights: usize, metric: usize, scale: f32, inputs: i32): f64 {
  const bytes = <usize>inputs << 2
  const factor = f32x4.splat(scale)
  let low = f64x2.splat(0), high = f64x2.splat(0)
  for (let at: usize = 0; at < bytes; at += 16) {
    const change = f32x4.mul(factor, v128.load(sums + at))
    const weight = f32x4.add(v128.load(weights + at), change)
    v128.store(weights + at, weight)
    v128.store(metric + at, f32x4.mul(weight, f32x4.abs(weight)))
    const size = f32x4.abs(change)
    low = f64x2.add(low, f64x2.promote_low_f32x4(size))
    high = f64x2.add(high, f64x2.promote_low_f32x4(i8x16.shuffle(size, size, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)))
  }
  const total = f64x2.add(low, high)
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1)
}

/** target[i] = scale · bytes[i], sixteen bytes at a time: an image of uint8 as learning sees it. */
export function scaleBytes(target: usize, source: usize, scale: f32, inputs: i32): void {
  const factor = f32x4.splat(scale)
  let at: usize = 0
  const whole = <usize>inputs & ~15
  for (; at < whole; at += 16) {
    const bytes = v128.load(source + at)
    const low = i16x8.extend_low_i8x16_u(bytes), high = i16x8.extend_high_i8x16_u(bytes)
    const to = target + (at << 2)
    v128.store(to, f32x4.mul(factor, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low))))
    v128.store(to, f32x4.mul(factor, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low))), 16)
    v128.store(to, f32x4.mul(factor, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high))), 32)
    v128.store(to, f32x4.mul(factor, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(high))), 48)
  }
  for (; at < <usize>inputs; at++) store<f32>(target + (at << 2), scale * <f32>load<u8>(source + at))
}
