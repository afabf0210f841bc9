// tfjs-node takes from the union package what tfjs-core has. Through this file it gets the instance that engine/tf.ts names,
// wherever packages lie, and nobody installs layers, converters and WebGL for it.
module.exports = require('@tensorflow/tfjs-core')
