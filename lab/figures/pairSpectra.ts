import { DATASETS, LabError, type FigureName } from '../../contract/index.js'
import { inPaperOrder } from './paperOrder.js'
import type { NamedSpectrum } from './results.js'

/** A row of Figures 2 and 3. */
export interface SpectraRow {
  label: string
  dataset: NamedSpectrum
  noise: NamedSpectrum
}

/** Rows of Figures 2 and 3, and how the dataset is called. */
export interface PairedSpectra {
  datasetLabel: string
  rows: SpectraRow[]
}

const refuse = (message: string): LabError => new LabError('figure.results', message)
const isNoise = ({ dataset }: NamedSpectrum): boolean => dataset.kind === 'gaussianNoise'
const SIDES = { dataset: 'of data', noise: 'of noise' } as const

/**
 * Spectra as rows of Figures 2 and 3: for each label the one over data and the one over Gaussian noise, in the paper's order.
 *
 * @param spectra - in any order
 * @returns rows, and how the dataset is called
 * @throws LabError `figure.results` when half of a row is missing or there twice, or when models, layers or datasets differ
 */
export function pairSpectra(figure: FigureName, spectra: readonly NamedSpectrum[]): PairedSpectra {
  const rows = inPaperOrder(spectra.map(({ label }) => label)).map((label): SpectraRow => {
    const half = (side: keyof typeof SIDES): NamedSpectrum => {
      const [found, twin] = spectra.filter(
        (spectrum) => spectrum.label === label && isNoise(spectrum) === (side === 'noise'),
      )
      if (found === undefined)
        throw refuse(
          `Figure ${figure} needs a spectrum of data and one of noise for every model; the spectrum ${SIDES[side]} for ${label} is missing`,
        )
      if (twin !== undefined)
        throw refuse(
          `${found.origin.id} and ${twin.origin.id} are both spectra ${SIDES[side]} for ${label}; choose one of them, or give one of them another label`,
        )
      return found
    }
    const [dataset, noise] = [half('dataset'), half('noise')]
    const hashes = [dataset, noise].map(({ origin }) => origin.models.map(({ sha256 }) => sha256).join())
    if (hashes[0] !== hashes[1])
      throw refuse(`${label} is a different model in ${dataset.origin.id} and in ${noise.origin.id}`)
    if (dataset.layer !== noise.layer)
      throw refuse(
        `${dataset.origin.id} is a spectrum of ${dataset.layer}, but ${noise.origin.id} is one of ${noise.layer}; both must be of the same layer`,
      )
    return { label, dataset, noise }
  })
  const [first, ...others] = rows.map(({ dataset }) => dataset)
  if (first === undefined)
    throw refuse(`Figure ${figure} needs a spectrum of data and one of noise for every model; none was given`)
  const foreign = others.find(({ dataset }) => dataset.kind !== first.dataset.kind)
  if (foreign !== undefined)
    throw refuse(
      `${first.origin.id} is a spectrum of ${DATASETS[first.dataset.kind].label}, but ${foreign.origin.id} is one of ${DATASETS[foreign.dataset.kind].label}; Figure ${figure} shows one dataset`,
    )
  const [layer, ...layers] = [...new Set(rows.map(({ dataset }) => dataset.layer).filter((one) => one !== 'data'))]
  if (layers.length > 0)
    throw refuse(
      `Figure ${figure} shows the same layer of every model, but got spectra of ${[layer, ...layers].join(' and ')}`,
    )
  return { datasetLabel: DATASETS[first.dataset.kind].label, rows }
}
