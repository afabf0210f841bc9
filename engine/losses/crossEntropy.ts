import { cast, logSoftmax, mul, neg, oneHot, sum, type Scalar, type Tensor1D, type Tensor2D } from '../tf.js'

/**
 * Mean cross entropy of a batch, -1/B Σ_b ln softmax(z_b)_{y_b}.
 *
 * @param logits - B x C
 * @param labels - B class numbers, int32
 *
 * Source: docs/SOURCES.md 3.5.
 */
export function crossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  const [batch, classes] = logits.shape
  const chosen = mul(logSoftmax(logits), cast(oneHot(labels, classes), 'float32'))
  return mul(neg(sum(sum(chosen, 1))), 1 / batch) as Scalar
}
