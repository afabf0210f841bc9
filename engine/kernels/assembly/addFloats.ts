/** sums[i] += values[i] in float64 for `count` float32 values, a multiple of 4. */
export function addFloats(sums: usize, values: usize, count: i32): void {
  const end = values + (<usize>count << 2)
  for (; values < end; values += 16, sums += 32) {
    const four = v128.load(values)
    v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(four)))
    v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.promote_low_f32x4(i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7))), 16)
  }
}
