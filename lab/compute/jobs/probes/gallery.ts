import { LabError, targetOf, type GalleryRow, type RobustnessRequest } from '../../../../contract/index.js'
import { classesOf, logitsOfImages, openBatchAttack } from '../../../../engine/attacks/attackBatch.js'
import { multipliedOut, networkSizes } from '../../../../engine/networks/frozenNetwork.js'
import { pixelScale, toPixels } from '../../../../engine/probes/plane/geometry.js'
import { attackLabel, readImages, type ProbeSubject } from '../../../../engine/probes/robustness/baseline.js'
import { gridSizes } from '../../../../engine/probes/robustness/sizes.js'
import type { JobFunction } from '../job.js'
import { displayImages, openProbe, subjectOf } from './subject.js'

function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const result = new Float32Array(logits.length)
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes)
    const largest = Math.max(...row)
    const sum = row.reduce((total, value) => total + Math.exp(value - largest), 0)
    for (let index = 0; index < classes; index++)
      result[start + index] = Math.exp((row[index] as number) - largest) / sum
  }
  return result
}

/** Place of the nearest size of the grid: random numbers are keyed by it. */
const nearest = (sizes: Float64Array, epsilon: number): number =>
  sizes.reduce(
    (best, size, index) => (Math.abs(size - epsilon) < Math.abs((sizes[best] as number) - epsilon) ? index : best),
    0,
  )

/** What every row is made from: images, sizes and seed of the sweep. */
interface Wanted {
  request: RobustnessRequest
  images: Int32Array
  epsilons: Float64Array
  sizes: Float64Array
}

/** Attacks every image at its own size. */
async function attackRow(
  subject: ProbeSubject,
  seed: number,
  { request, images, epsilons, sizes }: Wanted,
): Promise<Omit<GalleryRow, 'model' | 'epsilons' | 'criticalEpsilon' | 'criticalNorm'>> {
  const { attack } = request
  const network = multipliedOut(subject.network)
  const { inputs, classes } = networkSizes(network)
  const tools = {
    executor: subject.executor,
    network,
    inputs,
    entries: inputs,
    targeted: targetOf(attack) !== null,
    seed,
  }
  const clean = readImages(subject, images)
  const cleanLogits = await logitsOfImages(clean, images.length, tools)
  const adversarial = clean.slice()
  const target = targetOf(attack)
  for (const epsilon of new Set(epsilons.filter((size) => !Number.isNaN(size)))) {
    const places = Array.from(images, (_, place) => place).filter((place) => epsilons[place] === epsilon)
    const numbers = Int32Array.from(places, (place) => images[place] as number)
    const labels = Int32Array.from(places, (place) =>
      attackLabel(
        target,
        subject.source.labels[images[place] as number] as number,
        cleanLogits.subarray(place * classes, (place + 1) * classes),
      ),
    )
    const opened = await openBatchAttack(
      { images: readImages(subject, numbers), labels, numbers, count: places.length },
      attack,
      tools,
    )
    const outcome = await opened.attack({ epsilon, index: nearest(sizes, epsilon) })
    places.forEach((place, row) => adversarial.set(outcome.image(row), place * inputs))
  }
  const adversarialLogits = await logitsOfImages(adversarial, images.length, tools)
  const difference = adversarial.map((value, index) => value - (clean[index] as number))
  const rows = Array.from(images, (_, place) => difference.subarray(place * inputs, (place + 1) * inputs))
  const pixels = new Uint8Array(adversarial.length)
  images.forEach((image, place) =>
    pixels.set(
      toPixels(
        adversarial.subarray(place * inputs, (place + 1) * inputs),
        pixelScale(subject, image),
        subject.source.normalised,
      ),
      place * inputs,
    ),
  )
  return {
    adversarial: pixels,
    difference,
    magnification: Float64Array.from(
      rows,
      (row) =>
        1 /
        Math.max(
          row.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
          Number.MIN_VALUE,
        ),
    ).map((value) => (Number.isFinite(value) ? value : 1)),
    norms: Float64Array.from(rows, (row) => Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))),
    cleanProbabilities: softmaxRows(cleanLogits, classes),
    adversarialProbabilities: softmaxRows(adversarialLogits, classes),
    cleanClasses: Uint8Array.from(classesOf(cleanLogits, classes, images)),
    adversarialClasses: Uint8Array.from(classesOf(adversarialLogits, classes, images)),
  }
}

/** Clean and adversarial images of a sweep, model by model. */
export const makeGallery: JobFunction<'gallery'> = async (
  { request, rows, images, epsilon, places },
  { resources, report },
) => {
  const opened = await openProbe(resources, request, places)
  const { source } = opened
  const missing = images.find((image) => image >= source.count)
  if (missing !== undefined)
    throw new LabError('value.range', `expected images in 0 to ${source.count - 1}, got ${missing}`, { image: missing })
  const sizes = gridSizes(request.grid)
  const made: GalleryRow[] = []
  for (const { subject: input, pass } of rows) {
    const place = (image: number): number => pass.keptIndices.indexOf(image)
    const critical = (values: Float64Array): Float64Array =>
      Float64Array.from(images, (image) => (place(image) < 0 ? NaN : (values[place(image)] as number)))
    const criticalEpsilon = critical(pass.criticalEpsilon)
    const epsilons = epsilon === null ? criticalEpsilon : new Float64Array(images.length).fill(epsilon)
    const row = await attackRow(subjectOf(input, opened, request.dataset), pass.seed, {
      request,
      images,
      epsilons,
      sizes,
    })
    made.push({ model: input.model, epsilons, ...row, criticalEpsilon, criticalNorm: critical(pass.criticalNorm) })
    report({ done: made.length, total: rows.length })
  }
  return {
    rows: made,
    labels: Uint8Array.from(images, (image) => source.labels[image] as number),
    clean: displayImages(source, images),
  }
}
