import { LabError, type AttackTarget } from '../../../contract/index.js'
import { classesOf, logitsOfImages } from '../../attacks/attackBatch.js'
import { fillBatch } from '../../datasets/lpUnit.js'
import type { ImageSource } from '../../datasets/imageSource.js'
import type { Executor } from '../../executor/executor.js'
import {
  expectImageShape,
  multipliedOut,
  networkSizes,
  withPaddedRows,
  type FrozenNetwork,
} from '../../networks/frozenNetwork.js'

/** A network and the images that it is tried on. */
export interface ProbeSubject {
  network: FrozenNetwork
  source: ImageSource
  /** p to which the images are scaled. */
  imageNorm: number
  executor: Executor
}

/** The images that a model gets right (section 1.5). */
export interface Baseline {
  /** Images of the split that were classified. */
  images: number
  cleanAccuracy: number
  /** Numbers in the split, ascending. */
  keptIndices: Int32Array
  labels: Uint8Array
  /** Labels that the attack's loss is taken of: the true ones, or the targets. */
  attackLabels: Int32Array
}

/** Images by number, normalised, count x d; in rows of another length where that is asked for, with zeros beyond d. */
export function readImages(
  { source, imageNorm }: Pick<ProbeSubject, 'source' | 'imageNorm'>,
  indices: Int32Array,
  rowLength = source.shape[0] * source.shape[1] * source.shape[2],
): Float32Array {
  const data = new Float32Array(indices.length * rowLength)
  fillBatch(source, indices, imageNorm, { data, rowLength })
  return data
}

/** The label that an attack's loss is taken of: the true one, or that of its target. */
export function attackLabel(target: AttackTarget, label: number, logits: Float32Array): number {
  if (target === null) return label
  if (target === 'next') return (label + 1) % logits.length
  if (typeof target === 'number') return target
  return logits.reduce((least, value, index) => (value < (logits[least] as number) ? index : least), 0)
}

/**
 * Classifies a whole split, evaluation mode, and keeps the images that come out right, order preserved.
 *
 * @param images - number of images from the start; all when null
 * @param target - of a targeted attack; images whose label is the target are left out
 * @param cancelled - looked at between batches
 * @throws LabError `shape.mismatch` for a model of another input size, `probe.noneCorrect`, `probe.notANumber`, `value.range` for a
 * class that the model does not have, `cancelled`
 *
 * Source: docs/SOURCES.md 1.5.
 */
export async function baseline(
  subject: ProbeSubject,
  options: { images: number | null; target: AttackTarget; batchSize: number; cancelled?: () => boolean },
): Promise<Baseline> {
  const { source, executor } = subject
  expectImageShape(subject.network, source.shape)
  const network = withPaddedRows(multipliedOut(subject.network))
  const { inputs, classes } = networkSizes(network)
  if (typeof options.target === 'number' && options.target >= classes)
    throw new LabError('value.range', `expected a target in 0 to ${classes - 1}, got ${options.target}`)
  const kept: number[] = []
  const targets: number[] = []
  let correct = 0
  for (let start = 0; start < source.count; start += options.batchSize) {
    if (options.cancelled?.() === true)
      throw new LabError('cancelled', `the classification was cancelled after ${start} of ${source.count} images`)
    const numbers = Int32Array.from(
      { length: Math.min(options.batchSize, source.count - start) },
      (_, index) => start + index,
    )
    const logits = await logitsOfImages(readImages(subject, numbers, inputs), numbers.length, {
      executor,
      network,
      inputs,
    })
    classesOf(logits, classes, numbers).forEach((found, index) => {
      const label = source.labels[start + index] as number
      if (found !== label) return
      correct += 1
      const aim = attackLabel(options.target, label, logits.subarray(index * classes, (index + 1) * classes))
      if ((options.target !== null && aim === label) || (options.images !== null && kept.length >= options.images))
        return
      kept.push(start + index)
      targets.push(aim)
    })
  }
  if (kept.length === 0)
    throw new LabError(
      'probe.noneCorrect',
      `the model classifies none of ${source.count} images correctly${correct > 0 ? ' and differently from the target' : ''}`,
      { images: source.count },
    )
  const keptIndices = Int32Array.from(kept)
  return {
    images: source.count,
    cleanAccuracy: correct / source.count,
    keptIndices,
    labels: Uint8Array.from(keptIndices, (index) => source.labels[index] as number),
    attackLabels: Int32Array.from(targets),
  }
}
