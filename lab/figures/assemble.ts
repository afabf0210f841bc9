import { LabError, PAPER_MODELS, type Figure1Data, type Figure4Data, type FigureA2Data, type FigureModel, type FigureSpectra, type FigureSpectraData } from '../../contract/index.js'
import type { PlaneMaps, SpectrumResultOf, SweepResult } from './results.js'

/** Names of the rows of Figure 1. */
const ATTACK_NAMES: Readonly<Record<string, string>> = { random: 'Random Perturbation', fgsm: 'FGSM', pgd: 'PGD' }

const model = (label: string): FigureModel => ({ label, colour: null })

/** Labels in the paper's order, others after them in their own, each once. */
function inPaperOrder(labels: readonly string[]): string[] {
  const known = PAPER_MODELS.filter((label) => labels.includes(label))
  return [...new Set([...known, ...labels])]
}

/** Labels that every sweep has. @throws LabError `run.nothingToShow` when no model is in all of them */
function commonLabels(sweeps: readonly SweepResult[]): string[] {
  const [first, ...others] = sweeps
  const labels = (first?.series ?? []).map(({ label }) => label).filter((label) => others.every(({ series }) => series.some((line) => line.label === label)))
  if (labels.length === 0) throw new LabError('run.nothingToShow', 'the sweeps have no model in common, so there is nothing to compare')
  return inPaperOrder(labels)
}

function seriesOf(sweep: SweepResult, label: string): SweepResult['series'][number] {
  const found = sweep.series.find((line) => line.label === label)
  if (found === undefined) throw new LabError('run.nothingToShow', `the sweep has no series of ${label}`)
  return found
}

/** Critical norms of all passes of a label, one after the other. */
function normsOf(sweep: SweepResult, label: string): Float64Array {
  return Float64Array.from(sweep.passes.filter((pass) => pass.model.label === label).flatMap(({ criticalNorm }) => Array.from(criticalNorm)))
}

/**
 * Data of Figure 1 from sweeps: one row for each, with the models that all of them have.
 *
 * @param sweeps - in the order of the rows
 * @throws LabError `run.nothingToShow` without a common model, or for a sweep of critical values only, which has no accuracy at each size
 */
export function assembleFigure1(sweeps: readonly SweepResult[]): Figure1Data {
  const labels = commonLabels(sweeps)
  return {
    models: labels.map(model),
    attacks: sweeps.map((sweep) => {
      const { kind } = sweep.record.request.attack
      return {
        label: ATTACK_NAMES[kind] ?? kind,
        sweeps: labels.map((label) => {
          const { epsilons, relativeAccuracy } = seriesOf(sweep, label)
          if (relativeAccuracy.some(Number.isNaN)) throw new LabError('run.nothingToShow', `the sweep ${kind} of ${label} has no accuracy at each size: it is not finished, or it looked for critical values only`)
          // A size of zero has no place on a logarithmic axis.
          const from = epsilons.findIndex((epsilon) => epsilon > 0)
          return { epsilons: epsilons.subarray(from), relativeAccuracy: relativeAccuracy.subarray(from), criticalNorms: normsOf(sweep, label) }
        }),
      }
    }),
  }
}

const spectra = ({ growing, fit }: SpectrumResultOf): FigureSpectra => ({ curves: growing.map(({ units, eigenvalues }) => ({ units, eigenvalues })), fit })

/**
 * Data of Figures 2 and 3 from spectra: one row for each model.
 *
 * @param rows - label (`Dataset`, `Initialized`, `KH`, …) with the spectra for the dataset and for Gaussian noise
 */
export function assembleSpectra(datasetLabel: string, rows: readonly { label: string; dataset: SpectrumResultOf; noise: SpectrumResultOf }[]): FigureSpectraData {
  return { datasetLabel, rows: rows.map(({ label, dataset, noise }) => ({ label, dataset: spectra(dataset), noise: spectra(noise) })) }
}

/** Data of Figure 4 from the maps of a plane, in the paper's order. */
export function assembleFigure4({ firstAxis, secondAxis, geometry, maps }: PlaneMaps): Figure4Data {
  const order = inPaperOrder(maps.map((map) => map.model.label))
  return {
    epsilonAxis: firstAxis, xiAxis: secondAxis, classCount: geometry.classNames.length,
    planes: order.flatMap((label) => maps.filter((map) => map.model.label === label)).map(({ model: { label }, labels, confidence, jacobianNorm }) => ({ model: model(label), classes: labels, confidence, jacobianNorm })),
  }
}

/** Data of Figure A2 from a sweep of random perturbations and one of PGD: accuracy on the test images without attack, and the medians. */
export function assembleFigureA2(random: SweepResult, pgd: SweepResult): FigureA2Data {
  return {
    models: commonLabels([random, pgd]).map((label) => ({
      model: model(label), testAccuracy: seriesOf(random, label).cleanAccuracy,
      medianCriticalNorm: { random: seriesOf(random, label).criticalNorm?.median ?? null, pgd: seriesOf(pgd, label).criticalNorm?.median ?? null },
    })),
  }
}
