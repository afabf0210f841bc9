import { DATASETS, imageShape, layerOf, regulariserOf, type ExperimentSpec } from '../contract/index.js'

/** How much an experiment computes, in the units of a machine's measured speed. */
export interface Work {
  /** Steps of one kind take a time in proportion to their size: the rule, or the model with its penalties. */
  kind: string
  units: number
  inputSize: number
  classes: number
  batchSize: number
  images: number
  epochs: number
  steps: number
  /** Units x width x images, summed over all steps that learn; the width is d, or C where the first layer is frozen. */
  total: number
}

/**
 * @param layerUnits - units of the layer under a hybrid; 0 when it is not known yet
 */
export function workOf(spec: ExperimentSpec, layerUnits: number): Work {
  const facts = DATASETS[spec.dataset.kind]
  const images = Math.min(spec.dataset.imageLimit ?? facts.trainImages, facts.trainImages)
  const inputSize = imageShape(spec.dataset).reduce((product, size) => product * size, 1)
  const classes = facts.classNames.length
  const { epochs, batchSize } = spec.schedule
  const common = { inputSize, classes, batchSize, images, epochs, steps: Math.ceil(images / batchSize) * epochs }
  if (spec.kind === 'localLearning') {
    // A rate of exactly zero skips the epoch: with linear decay that is the last one.
    const learning = spec.schedule.decay === 'linear' ? epochs - 1 : epochs
    const units = spec.layer.hiddenUnits
    return { ...common, kind: spec.rule.kind, units, total: images * learning * inputSize * units }
  }
  const { model, regularisers } = spec
  const units = model.kind === 'hybrid' ? layerUnits : model.kind === 'identity' ? inputSize : model.hiddenUnits
  const layerFrozen = layerOf(model) !== 'trained'
  const terms = regularisers.map((term) => regulariserOf(term.kind).workKey(term))
  const kind = [model.kind, 'batchNorm' in model && model.batchNorm ? 'norm' : '', ...terms].join(' ')
  return { ...common, kind, units, total: images * epochs * units * (layerFrozen ? classes : inputSize) }
}
