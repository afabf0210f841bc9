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

/** Place of the smallest value, the first of equal ones. */
const smallest = (values: Float32Array): number =>
  values.reduce((least, value, index) => (value < (values[least] as number) ? index : least), 0)

function aimedLabel(
  target: AttackTarget,
  { label, leastLikely, classes }: { label: number; leastLikely: number; classes: number },
): number {
  if (target === null) return label
  if (target === 'next') return (label + 1) % classes
  return typeof target === 'number' ? target : leastLikely
}

/** The label that an attack's loss is taken of: the true one, or that of its target. */
export const attackLabel = (target: AttackTarget, label: number, logits: Float32Array): number =>
  aimedLabel(target, { label, leastLikely: smallest(logits), classes: logits.length })

/** What a model says of every image of a split, evaluation mode. N images. */
export interface CleanClasses {
  /** Class of the largest logit, N. */
  predicted: Int32Array
  /** Class of the smallest logit, N: the target of the attack at the least likely class. */
  leastLikely: Int32Array
}

/** What a split is classified with. */
export interface CleanOptions {
  batchSize: number
  /** Looked at between batches. */
  cancelled?: () => boolean
}

/**
 * Classifies a whole split, evaluation mode.
 *
 * @throws LabError `shape.mismatch` for a model of another input size, `probe.notANumber`, `cancelled`
 *
 * Source: docs/SOURCES.md 1.5.
 */
export async function cleanClasses(
  subject: ProbeSubject,
  { batchSize, cancelled }: CleanOptions,
): Promise<CleanClasses> {
  const { source, executor } = subject
  expectImageShape(subject.network, source.shape)
  const network = withPaddedRows(multipliedOut(subject.network))
  const { inputs, classes } = networkSizes(network)
  const predicted = new Int32Array(source.count)
  const leastLikely = new Int32Array(source.count)
  for (let start = 0; start < source.count; start += batchSize) {
    if (cancelled?.() === true)
      throw new LabError('cancelled', `the classification was cancelled after ${start} of ${source.count} images`)
    const numbers = Int32Array.from({ length: Math.min(batchSize, source.count - start) }, (_, index) => start + index)
    const logits = await logitsOfImages(readImages(subject, numbers, inputs), numbers.length, {
      executor,
      network,
      inputs,
    })
    predicted.set(classesOf(logits, classes, numbers), start)
    for (let index = 0; index < numbers.length; index++)
      leastLikely[start + index] = smallest(logits.subarray(index * classes, (index + 1) * classes))
  }
  return { predicted, leastLikely }
}

/**
 * Keeps the images of a split that a model classifies correctly, order preserved.
 *
 * @param images - the first of them; all when null
 * @param target - of a targeted attack; images whose label is the target are left out
 * @param clean - where the classes come from; the split is classified when left out
 * @throws LabError as {@link cleanClasses}, and `probe.noneCorrect`, `value.range` for a class that the model does not have
 *
 * Source: docs/SOURCES.md 1.5.
 */
export async function baseline(
  subject: ProbeSubject,
  options: CleanOptions & { images: number | null; target: AttackTarget; clean?: () => Promise<CleanClasses> },
): Promise<Baseline> {
  const { source } = subject
  const { images, target, clean = () => cleanClasses(subject, options) } = options
  expectImageShape(subject.network, source.shape)
  const { classes } = networkSizes(subject.network)
  if (typeof target === 'number' && target >= classes)
    throw new LabError('value.range', `expected a target in 0 to ${classes - 1}, got ${target}`)
  const { predicted, leastLikely } = await clean()
  const kept: number[] = []
  const targets: number[] = []
  let correct = 0
  predicted.forEach((found, index) => {
    const label = source.labels[index] as number
    if (found !== label) return
    correct += 1
    const aim = aimedLabel(target, { label, leastLikely: leastLikely[index] as number, classes })
    if ((target !== null && aim === label) || (images !== null && kept.length >= images)) return
    kept.push(index)
    targets.push(aim)
  })
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
