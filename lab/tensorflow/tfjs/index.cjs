// tfjs-node takes from the union package what tfjs-core has. Through this file it gets the instance that engine/tf.ts names,
// wherever packages lie, and nobody installs layers, converters and WebGL for it.
const core = require('@tensorflow/tfjs-core')

// The union package also hangs operations on tensors; kernels of tfjs-node (Prelu, Exp, ArgMax) use these.
for (const name of ['add', 'sub', 'mul']) {
  core.Tensor.prototype[name] ??= function (other) {
    return core[name](this, other)
  }
}
for (const [name, type] of [
  ['toInt', 'int32'],
  ['toFloat', 'float32'],
]) {
  core.Tensor.prototype[name] ??= function () {
    return core.cast(this, type)
  }
}

module.exports = core
