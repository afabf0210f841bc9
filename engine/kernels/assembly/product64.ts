// Pointers are byte offsets. Operands are packed: four rows of the left one, or four columns of the right one, lie entry by entry side by side.

/** c += a b for packed operands: a holds `rowQuads` groups of inner x 4, b `columnQuads` of inner x 4; rows of c lie `stride` bytes apart. */
export function multiplyPacked(a: usize, b: usize, c: usize, rowQuads: i32, columnQuads: i32, inner: i32, stride: usize): void {
  const bytes = <usize>inner << 5
  for (let column = 0; column < columnQuads; column++) {
    const right = b + <usize>column * bytes
    for (let row = 0; row < rowQuads; row++) {
      const left = a + <usize>row * bytes
      const to0 = c + <usize>row * 4 * stride + (<usize>column << 5)
      const to1 = to0 + stride, to2 = to1 + stride, to3 = to2 + stride
      let c00 = f64x2.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00
      for (let at: usize = 0; at < bytes; at += 32) {
        const b0 = v128.load(right + at), b1 = v128.load(right + at, 16)
        const a0 = v128.load64_splat(left + at)
        c00 = f64x2.add(c00, f64x2.mul(a0, b0))
        c01 = f64x2.add(c01, f64x2.mul(a0, b1))
        const a1 = v128.load64_splat(left + at, 8)
        c10 = f64x2.add(c10, f64x2.mul(a1, b0))
        c11 = f64x2.add(c11, f64x2.mul(a1, b1))
        const a2 = v128.load64_splat(left + at, 16)
        c20 = f64x2.add(c20, f64x2.mul(a2, b0))
        c21 = f64x2.add(c21, f64x2.mul(a2, b1))
        const a3 = v128.load64_splat(left + at, 24)
        c30 = f64x2.add(c30, f64x2.mul(a3, b0))
        c31 = f64x2.add(c31, f64x2.mul(a3, b1))
      }
      v128.store(to0, f64x2.add(v128.load(to0), c00))
      v128.store(to0, f64x2.add(v128.load(to0, 16), c01), 16)
      v128.store(to1, f64x2.add(v128.load(to1), c10))
      v128.store(to1, f64x2.add(v128.load(to1, 16), c11), 16)
      v128.store(to2, f64x2.add(v128.load(to2), c20))
      v128.store(to2, f64x2.add(v128.load(to2, 16), c21), 16)
      v128.store(to3, f64x2.add(v128.load(to3), c30))
      v128.store(to3, f64x2.add(v128.load(to3, 16), c31), 16)
    }
  }
}
