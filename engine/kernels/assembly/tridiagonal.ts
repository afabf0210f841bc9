// Pointers are byte offsets, rows lie `stride` bytes apart, all on 16 bytes. Where a length is odd, one entry more is read and written.

/** y = A x for the leading `count` rows of a symmetric matrix of which the lower triangle is valid; each entry is read once. */
export function symmetricTimesVector(matrix: usize, stride: usize, count: i32, x: usize, y: usize): void {
  memory.fill(y, 0, <usize>count << 3)
  let row = 0
  for (; row + 4 <= count; row += 4) {
    const r0 = matrix + <usize>row * stride
    const r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride
    const end = <usize>row << 3
    const v0 = load<f64>(x + end), v1 = load<f64>(x + end, 8), v2 = load<f64>(x + end, 16), v3 = load<f64>(x + end, 24)
    const x0 = f64x2.splat(v0), x1 = f64x2.splat(v1), x2 = f64x2.splat(v2), x3 = f64x2.splat(v3)
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0
    for (let at: usize = 0; at < end; at += 16) {
      const across = v128.load(x + at)
      const a0 = v128.load(r0 + at), a1 = v128.load(r1 + at), a2 = v128.load(r2 + at), a3 = v128.load(r3 + at)
      s0 = f64x2.add(s0, f64x2.mul(a0, across))
      s1 = f64x2.add(s1, f64x2.mul(a1, across))
      s2 = f64x2.add(s2, f64x2.mul(a2, across))
      s3 = f64x2.add(s3, f64x2.mul(a3, across))
      const low = f64x2.add(f64x2.mul(a0, x0), f64x2.mul(a1, x1)), high = f64x2.add(f64x2.mul(a2, x2), f64x2.mul(a3, x3))
      v128.store(y + at, f64x2.add(v128.load(y + at), f64x2.add(low, high)))
    }
    // The block on the diagonal, of which the lower half is valid.
    const b0 = r0 + end, b1 = r1 + end, b2 = r2 + end, b3 = r3 + end
    const a10 = load<f64>(b1), a20 = load<f64>(b2), a21 = load<f64>(b2, 8), a30 = load<f64>(b3), a31 = load<f64>(b3, 8), a32 = load<f64>(b3, 16)
    store<f64>(y + end, f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1) + load<f64>(b0) * v0 + a10 * v1 + a20 * v2 + a30 * v3)
    store<f64>(y + end, f64x2.extract_lane(s1, 0) + f64x2.extract_lane(s1, 1) + a10 * v0 + load<f64>(b1, 8) * v1 + a21 * v2 + a31 * v3, 8)
    store<f64>(y + end, f64x2.extract_lane(s2, 0) + f64x2.extract_lane(s2, 1) + a20 * v0 + a21 * v1 + load<f64>(b2, 16) * v2 + a32 * v3, 16)
    store<f64>(y + end, f64x2.extract_lane(s3, 0) + f64x2.extract_lane(s3, 1) + a30 * v0 + a31 * v1 + a32 * v2 + load<f64>(b3, 24) * v3, 24)
  }
  for (; row < count; row++) {
    const from = matrix + <usize>row * stride
    const end = <usize>row << 3
    const factor = load<f64>(x + end)
    let sum = 0.0
    for (let at: usize = 0; at < end; at += 8) {
      const value = load<f64>(from + at)
      sum += value * load<f64>(x + at)
      store<f64>(y + at, load<f64>(y + at) + value * factor)
    }
    store<f64>(y + end, sum + load<f64>(from + end) * factor)
  }
}

/** results[r] = row r · vector, for `count` rows, an even number. */
export function timesVector(rows: usize, stride: usize, count: i32, vector: usize, length: i32, results: usize): void {
  const end = (<usize>length + 1 & ~1) << 3
  let row = 0
  for (; row + 4 <= count; row += 4) {
    const r0 = rows + <usize>row * stride
    const r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0
    for (let at: usize = 0; at < end; at += 16) {
      const across = v128.load(vector + at)
      s0 = f64x2.add(s0, f64x2.mul(v128.load(r0 + at), across))
      s1 = f64x2.add(s1, f64x2.mul(v128.load(r1 + at), across))
      s2 = f64x2.add(s2, f64x2.mul(v128.load(r2 + at), across))
      s3 = f64x2.add(s3, f64x2.mul(v128.load(r3 + at), across))
    }
    const to = results + (<usize>row << 3)
    store<f64>(to, f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1))
    store<f64>(to, f64x2.extract_lane(s1, 0) + f64x2.extract_lane(s1, 1), 8)
    store<f64>(to, f64x2.extract_lane(s2, 0) + f64x2.extract_lane(s2, 1), 16)
    store<f64>(to, f64x2.extract_lane(s3, 0) + f64x2.extract_lane(s3, 1), 24)
  }
  for (; row < count; row++) {
    const from = rows + <usize>row * stride
    let sum = f64x2.splat(0)
    for (let at: usize = 0; at < end; at += 16) sum = f64x2.add(sum, f64x2.mul(v128.load(from + at), v128.load(vector + at)))
    store<f64>(results + (<usize>row << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1))
  }
}

/** target -= Σ_r factors[r] · row r, for `count` rows, an even number. */
export function subtractRows(target: usize, rows: usize, stride: usize, count: i32, factors: usize, length: i32): void {
  const end = (<usize>length + 1 & ~1) << 3
  let row = 0
  for (; row + 4 <= count; row += 4) {
    const r0 = rows + <usize>row * stride
    const r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride
    const from = factors + (<usize>row << 3)
    const f0 = v128.load64_splat(from), f1 = v128.load64_splat(from, 8), f2 = v128.load64_splat(from, 16), f3 = v128.load64_splat(from, 24)
    for (let at: usize = 0; at < end; at += 16) {
      const low = f64x2.add(f64x2.mul(f0, v128.load(r0 + at)), f64x2.mul(f1, v128.load(r1 + at)))
      const high = f64x2.add(f64x2.mul(f2, v128.load(r2 + at)), f64x2.mul(f3, v128.load(r3 + at)))
      v128.store(target + at, f64x2.sub(v128.load(target + at), f64x2.add(low, high)))
    }
  }
  for (; row < count; row += 2) {
    const r0 = rows + <usize>row * stride
    const r1 = r0 + stride
    const f0 = v128.load64_splat(factors + (<usize>row << 3)), f1 = v128.load64_splat(factors + (<usize>row << 3), 8)
    for (let at: usize = 0; at < end; at += 16) {
      const both = f64x2.add(f64x2.mul(f0, v128.load(r0 + at)), f64x2.mul(f1, v128.load(r1 + at)))
      v128.store(target + at, f64x2.sub(v128.load(target + at), both))
    }
  }
}
