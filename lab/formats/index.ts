export { writeLayerFile, type LayerFile } from './layerFile.js'
export { readNpy, writeNpy, type ShapedArray } from './npy.js'
export { readSafetensors, writeSafetensors, type FloatTensors } from './safetensors.js'
export { writeTorchFile } from './torchFile.js'
