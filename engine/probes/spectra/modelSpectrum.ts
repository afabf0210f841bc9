import {
  LabError,
  numericalRank,
  type MeasuredRequest,
  type ModelSpectrum,
  type SpectrumRequest,
} from '../../../contract/index.js'
import type { ImageSource } from '../../datasets/imageSource.js'
import { fillBatch } from '../../datasets/lpUnit.js'
import { multipliedOut, networkSizes, type FrozenNetwork } from '../../networks/frozenNetwork.js'
import { createCovarianceSum } from '../covariance.js'
import { distinctUnits } from '../distinctUnits.js'
import { ofMeasured } from '../finiteMatrix.js'
import { participationRatio } from '../powerLawFit.js'
import { createProjectedCovariance } from '../projectedCovariance.js'
import { augmented } from './augmentation.js'
import { crossValidatedSpectrum } from './crossValidated.js'
import { spectrumFits, windowMapOrNote } from './fits.js'
import { firstColumns, openRepresentation, type Representation } from './representation.js'
import { bootstrapSpectra, marchenkoPastur, shuffledSpectra, type Rows, type SpectrumTools } from './resampling.js'

/** A measured spectrum, without its origin. */
export type MeasuredSpectrum = Omit<ModelSpectrum, 'id' | 'origin' | 'request' | 'model'>

const BATCH = 1000

/** Rows that would not fit in memory are refused: bootstrap and shuffling need them all at once. 2 GiB of float64. */
const LARGEST_ROWS = 2 ** 28

/** Covariance of the first `units` columns: the upper left corner. */
function corner(covariance: Float64Array, width: number, units: number): Float64Array {
  const part = new Float64Array(units * units)
  for (let row = 0; row < units; row++) part.set(covariance.subarray(row * width, row * width + units), row * units)
  return part
}

/** Covariance of the hidden layer, whose products a batch computes in float32; their sums are float64. */
async function hiddenCovariance(
  {
    network,
    units,
    source,
    images,
    imageNorm,
  }: { network: FrozenNetwork; units: number; source: ImageSource; images: number; imageNorm: number },
  { executor, step }: SpectrumTools,
): Promise<Float64Array> {
  const { parameters } = multipliedOut(network)
  const weights = parameters['weights']
  const [all = 0, inputSize = 0] = weights?.shape ?? []
  const data = (weights?.data as Float32Array).subarray(0, Math.min(units, all) * inputSize)
  const sum = createProjectedCovariance(executor, { data, units, inputSize })
  for (let start = 0; start < images; start += BATCH) {
    step()
    const count = Math.min(BATCH, images - start)
    const room = sum.room(count)
    fillBatch(
      source,
      Int32Array.from({ length: count }, (_, index) => start + index),
      imageNorm,
      room,
    )
    await sum.add(room)
  }
  return sum.covariance()
}

/** Covariance of any representation, in float64 throughout; its rows are kept where they are asked for. */
async function rowCovariance(
  {
    representation,
    rows,
    source,
    images,
    what,
  }: { representation: Representation; rows: Rows | null; source: ImageSource; images: number; what: string },
  { executor, step }: SpectrumTools,
): Promise<Float64Array> {
  const { width } = representation
  const sum = createCovarianceSum(width, executor.multiply64)
  for (let start = 0; start < images; start += BATCH) {
    step()
    const count = Math.min(BATCH, images - start)
    const part = await representation.rows(
      source,
      Int32Array.from({ length: count }, (_, index) => start + index),
    )
    const strange = part.findIndex((value) => !Number.isFinite(value))
    if (strange >= 0)
      throw new LabError(
        'probe.notANumber',
        `${what} of image ${start + Math.floor(strange / width)} contains ${part[strange]}`,
        { image: start + Math.floor(strange / width) },
      )
    rows?.data.set(part, start * width)
    await sum.add(part, count)
  }
  return sum.covariance()
}

/** Columns of a representation that can differ: distinct units, no more of them than inputs where the layer is linear in these. */
function columnsOf({
  source,
  network,
  width,
}: {
  source: SpectrumRequest['source']
  network: FrozenNetwork | null
  width: number
}): number {
  if (network === null || source === 'data') return width
  const { inputs, units } = networkSizes(network)
  const weights = network.parameters['weights']?.data as Float32Array
  const distinct = distinctUnits(weights, source === 'logits' ? units : width, inputs)
  return Math.min(width, distinct, source === 'hidden' ? inputs : Infinity)
}

/**
 * Covariance spectrum of a model or of the data with everything around it: growing numbers of units, fits, map of windows, bootstrap
 * band, nulls, cross-validation.
 *
 * @param network - null for the data
 * @param imageNorm - p to which the images are scaled
 * @param tools - float64 products and eigenvalues; `step` is called between heavy steps
 * @param onProgress - heavy steps done, and in all
 * @throws LabError `value.range`, `shape.mismatch`, `probe.notANumber`, `cancelled`
 *
 * Source: docs/SOURCES.md 5.1 to 5.3.
 */
export async function modelSpectrum(
  request: MeasuredRequest,
  network: FrozenNetwork | null,
  source: ImageSource,
  imageNorm: number,
  tools: SpectrumTools,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<MeasuredSpectrum> {
  const images = Math.min(request.images ?? source.count, source.count)
  if (images < 2) throw new LabError('value.range', `a covariance needs at least two images, got ${images}`)
  const largest = request.units?.at(-1) ?? null
  const representation = firstColumns(
    openRepresentation(request.source, network, source, imageNorm, largest, tools.executor.multiply64),
    largest,
  )
  const { width } = representation
  const sizes = request.units ?? [width]
  if (sizes.some((units) => units > width))
    throw new LabError('value.range', `expected at most ${width} units, got ${sizes.join(', ')}`)
  const keepsRows = request.resamples > 0 || request.shuffles > 0
  if (keepsRows && images * width > LARGEST_ROWS)
    throw new LabError(
      'value.range',
      `a bootstrap or shuffling would keep ${images} x ${width} values in memory, more than the limit of ${LARGEST_ROWS}; use fewer images or units`,
    )
  const batches = Math.ceil(images / BATCH)
  const total =
    batches + sizes.length + request.resamples + request.shuffles + (request.crossValidation === null ? 0 : batches + 2)
  let done = 0
  const counted: SpectrumTools = {
    ...tools,
    step: () => {
      tools.step()
      onProgress(done++, total)
    },
  }

  const rows: Rows | null = keepsRows ? { data: new Float64Array(images * width), count: images, width } : null
  const covariance =
    request.source === 'hidden' && network !== null && rows === null
      ? await hiddenCovariance({ network, units: width, source, images, imageNorm }, counted)
      : await rowCovariance({ representation, rows, source, images, what: request.source }, counted)
  const growing: MeasuredSpectrum['growing'] = []
  for (const units of sizes) {
    counted.step()
    growing.push({
      units,
      eigenvalues: await ofMeasured(`${request.source} values`, () =>
        tools.eigenvalues(units === width ? covariance : corner(covariance, width, units), units),
      ),
    })
  }
  const eigenvalues = growing.at(-1)?.eigenvalues ?? new Float64Array(0)
  const { window, level, seed, crossValidation } = request
  const columns = columnsOf({ source: request.source, network, width: eigenvalues.length })
  const rank = numericalRank(eigenvalues, { images, columns })
  const fits = spectrumFits(eigenvalues, window, rank)
  return {
    ...fits,
    images,
    width: eigenvalues.length,
    growing,
    eigenvalues,
    participationRatio: participationRatio(eigenvalues),
    rank,
    ...windowMapOrNote(eigenvalues, request.mapSize, rank),
    bootstrap:
      rows === null || request.resamples === 0
        ? null
        : await bootstrapSpectra(
            rows,
            { eigenvalues, rank, fit: fits.fit },
            { resamples: request.resamples, level, seed },
            counted,
          ),
    shuffled:
      rows === null || request.shuffles === 0
        ? null
        : await shuffledSpectra(rows, { shuffles: request.shuffles, level, seed, eigenvalues }, counted),
    marchenkoPastur: marchenkoPastur(eigenvalues, images),
    crossValidated:
      crossValidation === null
        ? null
        : await crossValidatedSpectrum(
            representation,
            [augmented(source, crossValidation, seed, 0), augmented(source, crossValidation, seed, 1)],
            images,
            window,
            counted,
          ),
  }
}
