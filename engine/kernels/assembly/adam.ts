/**
 * One Adam update of `count` parameters in one pass over memory.
 * `step` is rate / (1 - beta1^t), `correction` 1 / (1 - beta2^t); arrays are padded to a multiple of 4.
 */
export function adam(parameters: usize, first: usize, second: usize, gradients: usize, count: i32, beta1: f32, beta2: f32, step: f32, correction: f32, epsilon: f32): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), c1 = f32x4.splat(1 - beta1), c2 = f32x4.splat(1 - beta2)
  const s = f32x4.splat(step), c = f32x4.splat(correction), e = f32x4.splat(epsilon)
  const bytes = <usize>count << 2
  for (let at: usize = 0; at < bytes; at += 16) {
    const gradient = v128.load(gradients + at)
    const m = f32x4.add(f32x4.mul(b1, v128.load(first + at)), f32x4.mul(c1, gradient))
    const v = f32x4.add(f32x4.mul(b2, v128.load(second + at)), f32x4.mul(c2, f32x4.mul(gradient, gradient)))
    v128.store(first + at, m)
    v128.store(second + at, v)
    v128.store(parameters + at, f32x4.sub(v128.load(parameters + at), f32x4.div(f32x4.mul(s, m), f32x4.add(f32x4.sqrt(f32x4.mul(v, c)), e))))
  }
}
