export { readModelFacts, readModelFile, writeModelFile, writeModelFiles } from './modelFile.js'
export { readNpy, writeNpy, type ShapedArray } from './npy.js'
export { readSafetensors, writeSafetensors, type FloatTensors } from './safetensors.js'
