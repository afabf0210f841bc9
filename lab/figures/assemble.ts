import {
  attackOf,
  LabError,
  largestOf,
  type AttackKind,
  type Figure1Data,
  type Figure4Data,
  type FigureA2Data,
  type FigureModel,
  type FigureSpectra,
  type FigureSpectraData,
} from '../../contract/index.js'
import type { AlignedSweeps, AttackRow } from './alignSweeps.js'
import { inPaperOrder } from './paperOrder.js'
import type { PlaneMaps, SpectrumResultOf } from './results.js'

const model = (label: string): FigureModel => ({ label, colour: null })

function seriesOf({ kind, series }: AttackRow, label: string): AttackRow['series'][number] {
  const found = series.find((line) => line.label === label)
  if (found === undefined) throw new LabError('internal', `the ${kind} sweep has no series for ${label}`)
  return found
}

/** Critical norms of all passes of a label, one after the other. */
function normsOf({ passes }: AttackRow, label: string): Float64Array {
  return Float64Array.from(
    passes.filter((pass) => pass.model.label === label).flatMap(({ criticalNorm }) => Array.from(criticalNorm)),
  )
}

/**
 * Data of Figure 1 from sweeps: one row for each attack, with the models that all of them have.
 *
 * @throws LabError `figure.results` for a sweep of critical values only, which has no accuracy at each size
 */
export function assembleFigure1({ rows, labels }: AlignedSweeps): Figure1Data {
  return {
    models: labels.map(model),
    attacks: rows.map((row) => ({
      label: attackOf(row.kind).figureRow,
      sweeps: labels.map((label) => {
        const { epsilons, relativeAccuracy } = seriesOf(row, label)
        if (relativeAccuracy.some(Number.isNaN))
          throw new LabError(
            'figure.results',
            `Figure 1 needs the accuracy at each ε, but the ${row.kind} sweep of ${label} recorded critical values only`,
          )
        // A size of zero has no place on a logarithmic axis.
        const from = epsilons.findIndex((epsilon) => epsilon > 0)
        if (from < 0)
          throw new LabError(
            'figure.results',
            `Figure 1 has a logarithmic ε axis, but the ${row.kind} sweep of ${label} was measured at ε = 0 only`,
          )
        return {
          epsilons: epsilons.subarray(from),
          relativeAccuracy: relativeAccuracy.subarray(from),
          criticalNorms: normsOf(row, label),
        }
      }),
    })),
  }
}

const spectra = ({ growing, fit, warnings = [] }: SpectrumResultOf): FigureSpectra => ({
  curves: growing.map(({ units, eigenvalues }) => ({ units, eigenvalues })),
  fit,
  ...(warnings.length === 0 ? {} : { warnings }),
})

/**
 * Data of Figures 2 and 3 from spectra: one row for each model.
 *
 * @param rows - label (`Dataset`, `Initialized`, `KH`, …) with the spectra for the dataset and for Gaussian noise
 */
export function assembleSpectra(
  datasetLabel: string,
  rows: readonly { label: string; dataset: SpectrumResultOf; noise: SpectrumResultOf }[],
): FigureSpectraData {
  return {
    datasetLabel,
    rows: rows.map(({ label, dataset, noise }) => ({ label, dataset: spectra(dataset), noise: spectra(noise) })),
  }
}

/** No map has more colours. */
const MOST_CLASSES = 10

/** How many classes the maps show, with their names where the images have classes: digits are their own names, and noise has none. */
function classesOf(names: readonly string[], maps: PlaneMaps['maps']): Pick<Figure4Data, 'classCount' | 'classNames'> {
  const shown = 1 + maps.reduce((most, { labels }) => Math.max(most, largestOf(labels)), 1)
  // Models have classes of their own over images that have none, such as noise.
  if (names.length < shown) return { classCount: names.length < 2 ? Math.max(shown, MOST_CLASSES) : shown }
  return {
    classCount: names.length,
    ...(names.every((name, index) => name === String(index)) ? {} : { classNames: names }),
  }
}

/** Data of Figure 4 from the maps of a plane, in the paper's order. */
export function assembleFigure4({ firstAxis, secondAxis, geometry, maps }: PlaneMaps): Figure4Data {
  const order = inPaperOrder(maps.map((map) => map.model.label))
  return {
    epsilonAxis: firstAxis,
    xiAxis: secondAxis,
    ...classesOf(geometry.classNames, maps),
    planes: order
      .flatMap((label) => maps.filter((map) => map.model.label === label))
      .map(({ model: { label }, labels, confidence, jacobianNorm }) => ({
        model: model(label),
        classes: labels,
        confidence,
        jacobianNorm,
      })),
  }
}

/** Data of Figure A2 from sweeps of random perturbations and of PGD: test accuracy, and the medians. */
export function assembleFigureA2({ rows, labels }: AlignedSweeps): FigureA2Data {
  const medianOf = (kind: AttackKind, label: string): number | null =>
    rows.flatMap((row) => (row.kind === kind ? [seriesOf(row, label)] : []))[0]?.criticalNorm?.median ?? null
  return {
    models: labels.map((label) => ({
      model: model(label),
      testAccuracy: rows.map((row) => seriesOf(row, label).testAccuracy)[0] ?? NaN,
      medianCriticalNorm: { random: medianOf('random', label), pgd: medianOf('pgd', label) },
    })),
  }
}
