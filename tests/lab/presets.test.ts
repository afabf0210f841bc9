import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { classifierRateOf, type ClassifierSpec, type LocalLearningSpec } from '../../contract/index.js'
import { readPresets } from '../../lab/presets.js'

const resources = new URL('../../resources', import.meta.url).pathname

describe('presets', () => {
  it('fit their form and come in the order of the form', async () => {
    const presets = await readPresets(resources)
    expect(presets.map(({ id }) => id)).toEqual([
      'quick-look',
      'cifar10-demo',
      'cifar10-paper',
      'mnist-paper',
      'quick-classifier',
      'cifar10-bp-demo',
      'cifar10-kh-demo',
      'cifar10-kh',
      'cifar10-bp',
      'cifar10-l2',
      'cifar10-jreg',
      'cifar10-specreg',
      'cifar10-specreg-kh',
    ])
  })

  it.each([
    ['cifar10-paper', { dataset: 'cifar10', batchSize: 1000, learningRate: 0.02, rank: 2 }],
    ['mnist-paper', { dataset: 'mnist', batchSize: 100, learningRate: 0.04, rank: 7 }],
  ])('%s holds the values of section 2.1', async (id, expected) => {
    const spec = (await readPresets(resources)).find((preset) => preset.id === id)?.spec as
      LocalLearningSpec | undefined
    expect(spec?.layer).toEqual({
      hiddenUnits: 2000,
      weightSpread: 1,
      lebesgueNorm: 3,
      activationExponent: 4.5,
      radius: 1,
    })
    expect({
      dataset: spec?.dataset.kind,
      batchSize: spec?.schedule.batchSize,
      learningRate: spec?.schedule.learningRate,
      rank: spec?.rule.rank,
    }).toEqual(expected)
    expect(spec?.schedule).toMatchObject({ epochs: 1000, decay: 'linear' })
    expect(spec?.rule).toMatchObject({ kind: 'fkhl3', antiHebbianStrength: 0.4, precision: 1e-9 })
  })

  it.each([
    ['cifar10-kh', { kind: 'hybrid', exponent: 4.5, norm: false, rates: [1e-3, 1e-3, 1e-3], terms: ['jacobian 0'] }],
    ['cifar10-bp', { kind: 'perceptron', exponent: 1, norm: false, rates: [1e-3, 5e-4, 1e-5], terms: ['jacobian 0'] }],
    [
      'cifar10-l2',
      { kind: 'perceptron', exponent: 1, norm: false, rates: [1e-3, 5e-4, 1e-5], terms: ['lebesgue 0.0005'] },
    ],
    [
      'cifar10-jreg',
      { kind: 'perceptron', exponent: 1, norm: false, rates: [1e-3, 5e-4, 1e-5], terms: ['jacobian 0.001'] },
    ],
    [
      'cifar10-specreg',
      {
        kind: 'perceptron',
        exponent: 1,
        norm: true,
        rates: [1e-3, 1e-3, 1e-3 * Math.exp(-910 / 30 + 1 / 30)],
        terms: ['spectral 1', 'jacobian 0'],
      },
    ],
    [
      'cifar10-specreg-kh',
      {
        kind: 'perceptron',
        exponent: 1,
        norm: true,
        rates: [1e-3, 1e-3, 1e-3],
        terms: ['spectral 0.001', 'jacobian 0'],
      },
    ],
  ])('%s holds the values of section 3.6', async (id, expected) => {
    const spec = (await readPresets(resources)).find((preset) => preset.id === id)?.spec as ClassifierSpec
    const { model, schedule, regularisers } = spec
    const rates = [1, 32, 1000].map((epoch) => classifierRateOf(schedule.rate, epoch))
    expect({
      kind: model.kind,
      exponent: model.kind === 'identity' ? 0 : model.activationExponent,
      norm: 'batchNorm' in model && model.batchNorm,
      terms: regularisers.map(({ kind, strength }) => `${kind} ${strength}`),
    }).toEqual({ kind: expected.kind, exponent: expected.exponent, norm: expected.norm, terms: expected.terms })
    rates.forEach((rate, index) => expect(rate / (expected.rates[index] ?? NaN)).toBeCloseTo(1, 9))
    expect(schedule).toMatchObject({ epochs: 1000, batchSize: 1000 })
  })

  it('needs nothing downloaded for the quick look', async () => {
    const quick = (await readPresets(resources)).find(({ id }) => id === 'quick-look')
    expect(quick?.spec.dataset.kind).toBe('syntheticScenes')
  })

  it('names the file that does not fit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'workbench-presets-'))
    await mkdir(join(folder, 'presets'))
    await writeFile(
      join(folder, 'presets', 'odd.json'),
      JSON.stringify({ id: 'odd', label: 'Odd', description: '', spec: { version: 99 } }),
    )
    await expect(readPresets(folder)).rejects.toMatchObject({
      code: 'spec.newerVersion',
      message: expect.stringContaining('odd.json'),
    })
    await writeFile(join(folder, 'presets', 'odd.json'), '{')
    await expect(readPresets(folder)).rejects.toMatchObject({ code: 'file.damaged' })
    await rm(folder, { recursive: true })
  })
})
