import { broadcast_util, reshape, sum, type GradConfig, type Tensor } from '@tensorflow/tfjs-core'

/** Gradients by the name of a kernel's input, computed when they are asked for. */
export type InputGradients = Record<string, () => Tensor>

/** How a kernel's gradient is made: what of it is kept, and the gradients of its inputs from the gradient of its output. */
export type GradientRule = Omit<GradConfig, 'kernelName'>

/** Rows of the table, by kernel. */
export type GradientTable = Readonly<Record<string, GradientRule>>

/** Undoes broadcasting: sums `gradient` over the axes along which `shape` was repeated. */
export function unbroadcast(gradient: Tensor, shape: readonly number[]): Tensor {
  const axes = broadcast_util.getReductionAxes([...shape], gradient.shape)
  return reshape(axes.length === 0 ? gradient : sum(gradient, axes), [...shape])
}

/** A rule for a function of one input `x` that keeps its input. */
export function ofInput(
  derivative: (dy: Tensor, x: Tensor, attributes: Record<string, unknown>) => Tensor,
): GradientRule {
  return {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({ x: () => derivative(dy as Tensor, x as Tensor, attributes) }),
  }
}

/** A rule for a function of one input that keeps its output. */
export function ofOutput(derivative: (dy: Tensor, y: Tensor) => Tensor): GradientRule {
  return { outputsToSave: [true], gradFunc: (dy, [y]) => ({ x: () => derivative(dy as Tensor, y as Tensor) }) }
}

/** A rule for a function of `a` and `b`, each perhaps broadcast; the derivatives have the output's shape. */
export function ofPair(
  derivative: (dy: Tensor, a: Tensor, b: Tensor) => { a: () => Tensor; b: () => Tensor },
): GradientRule {
  return {
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [first, second]) => {
      const a = first as Tensor
      const b = second as Tensor
      const whole = derivative(dy as Tensor, a, b)
      return { a: () => unbroadcast(whole.a(), a.shape), b: () => unbroadcast(whole.b(), b.shape) }
    },
  }
}
