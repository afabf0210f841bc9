import { describe, expect, it } from 'vitest'
import { figureFileText, parseFigureFile, type PowerLawFit } from '../../../contract/index.js'
import { assembleFigure1, assembleFigure4, assembleFigureA2, assembleSpectra } from '../../../lab/figures/assemble.js'
import type { SweepResult } from '../../../lab/figures/results.js'

function sweep(kind: string, labels: readonly string[], epsilons = [0.1, 0.2]): SweepResult {
  return {
    record: { request: { attack: { kind } } },
    passes: labels.flatMap((label, index) => [0, 1].map((seed) => ({ model: { label }, criticalNorm: Float64Array.of(index + 1, seed === 0 ? NaN : index + 3) }))),
    series: labels.map((label, index) => ({
      label, cleanAccuracy: (40 + index) / 100, epsilons: Float64Array.from(epsilons), relativeAccuracy: Float64Array.from(epsilons, (_, place) => 1 - place / 2), criticalNorm: index === 2 ? null : { median: index + 1 },
    })),
  }
}
const fit: PowerLawFit = { slope: -1, intercept: 0, standardError: 0, rValue: -1, rSquared: 1, pValue: 0, window: [1, 3] }

describe('figures from archived results', () => {
  it('Figure 1 takes the models that all sweeps have, in the paper\'s order, seeds pooled', () => {
    const data = assembleFigure1([sweep('random', ['BP', 'Mine', 'KH']), sweep('pgd', ['KH', 'BP', 'Mine', 'L2'])])
    expect(data.models.map(({ label }) => label)).toEqual(['KH', 'BP', 'Mine'])
    expect(data.attacks.map(({ label }) => label)).toEqual(['Random Perturbation', 'PGD'])
    expect(data.attacks[0]!.sweeps[0]!.criticalNorms).toEqual(Float64Array.of(3, NaN, 3, 5))
    expect(parseFigureFile(JSON.parse(figureFileText({ figure: '1', data })))).toEqual({ figure: '1', data })
  })
  it('Figure 1 leaves out a size of zero, and refuses sweeps without accuracies', () => {
    expect(assembleFigure1([sweep('fgsm', ['KH'], [0, 0.1, 0.2])]).attacks[0]!.sweeps[0]).toMatchObject({ epsilons: Float64Array.of(0.1, 0.2), relativeAccuracy: Float64Array.of(0.5, 0) })
    const critical = sweep('fgsm', ['KH'])
    critical.series[0]!.relativeAccuracy.fill(NaN)
    expect(() => assembleFigure1([critical])).toThrow(/critical values only/)
    expect(() => assembleFigure1([sweep('fgsm', ['KH']), sweep('pgd', ['BP'])])).toThrow(/no model in common/)
  })
  it('Figures 2 and 3 keep curves and fits', () => {
    const result = { growing: [{ units: 2, eigenvalues: Float64Array.of(2, 1) }, { units: 3, eigenvalues: Float64Array.of(3, 2, 1) }], fit }
    const data = assembleSpectra('CIFAR-10', [{ label: 'KH', dataset: result, noise: { ...result, fit: null } }])
    expect(parseFigureFile(JSON.parse(figureFileText({ figure: '3', data })))).toEqual({ figure: '3', data })
  })
  it('Figure 4 keeps rows along the second axis', () => {
    const map = (label: string) => ({ model: { label }, labels: Uint8Array.of(0, 1, 2, 0, 1, 2), confidence: Float32Array.of(0.5, 0.5, 0.5, 1, 1, 1), jacobianNorm: new Float32Array(6).fill(2) })
    const data = assembleFigure4({ firstAxis: Float64Array.of(-1, 0, 1), secondAxis: Float64Array.of(-2, 2), geometry: { classNames: ['a', 'b', 'c'] }, maps: [map('BP'), map('KH')] })
    expect(data.planes.map(({ model }) => model.label)).toEqual(['KH', 'BP'])
    expect(parseFigureFile(JSON.parse(figureFileText({ figure: '4', data })))).toEqual({ figure: '4', data })
  })
  it('Figure A2 puts the clean accuracy against both medians', () => {
    expect(assembleFigureA2(sweep('random', ['KH', 'BP', 'L2']), sweep('pgd', ['BP', 'KH', 'L2'])).models).toEqual([
      { model: { label: 'KH', colour: null }, testAccuracy: 0.4, medianCriticalNorm: { random: 1, pgd: 2 } },
      { model: { label: 'BP', colour: null }, testAccuracy: 0.41, medianCriticalNorm: { random: 2, pgd: 1 } },
      { model: { label: 'L2', colour: null }, testAccuracy: 0.42, medianCriticalNorm: { random: null, pgd: null } },
    ])
  })
})
