import type { AttackNorm } from '../../contract/index.js'
import {
  abs,
  add,
  cast,
  div,
  equal,
  max,
  maximum,
  minimum,
  mul,
  pow,
  sign,
  sqrt,
  square,
  sub,
  sum,
  where,
  zerosLike,
  type Scalar,
  type Tensor2D,
} from '../tf.js'

/** ‖row‖_p of every row, B x 1; divided by its largest entry first, so that tiny gradients keep their length. */
export function rowNorms(rows: Tensor2D, norm: AttackNorm): Tensor2D {
  const sizes = abs(rows)
  const largest = max(sizes, 1, true) as Tensor2D
  if (norm === 'linf') return largest
  const unit = div(sizes, add(largest, cast(equal(largest, 0), 'float32')))
  const power = norm === 1 ? unit : norm === 2 ? square(unit) : pow(unit, norm)
  const total = sum(power, 1, true)
  return mul(largest, norm === 1 ? total : norm === 2 ? sqrt(total) : pow(total, 1 / norm)) as Tensor2D
}

/**
 * The step of an attack of size 1: sign(g) in the maximum norm, g / ‖g‖_p else; 0 where the gradient is 0.
 *
 * @param gradient - B x d
 */
export function ascentDirection(gradient: Tensor2D, norm: AttackNorm): Tensor2D {
  if (norm === 'linf') return sign(gradient)
  const lengths = rowNorms(gradient, norm)
  const none = equal(lengths, 0)
  return where(none, zerosLike(gradient), div(gradient, add(lengths, cast(none, 'float32')))) as Tensor2D
}

/**
 * Brings images back into the ball of radius ε around where they began: entry by entry in the maximum norm, else by shortening
 * the difference to length ε.
 *
 * @param images - B x d
 * @param origin - B x d
 */
export function projectToBall(images: Tensor2D, origin: Tensor2D, epsilon: Scalar, norm: AttackNorm): Tensor2D {
  if (norm === 'linf') return minimum(maximum(images, sub(origin, epsilon)), add(origin, epsilon)) as Tensor2D
  const difference = sub(images, origin) as Tensor2D
  const lengths = rowNorms(difference, norm)
  const factor = minimum(div(epsilon, add(lengths, cast(equal(lengths, 0), 'float32'))), 1)
  return add(origin, mul(difference, factor)) as Tensor2D
}
