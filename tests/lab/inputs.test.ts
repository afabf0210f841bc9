import { describe, expect, it } from 'vitest'
import { LabError, type CommandName, type RobustnessRequest } from '../../contract/index.js'
import { parseInput } from '../../lab/handlers/inputs.js'
import { readPresets } from '../../lab/presets.js'
import { sweepRequest } from './lab/probeSetup.js'

function refusal(name: CommandName, input: unknown): LabError {
  try {
    parseInput(name, input)
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  }
  throw new Error(`${name} took ${JSON.stringify(input)}`)
}

describe('inputs at the trust boundary', () => {
  it.each<[CommandName, unknown]>([
    ['lab.info', {}],
    ['run.get', { id: '../../etc' }],
    ['run.get', { id: 'r-7f21c4a0', extra: 1 }],
    ['run.get', undefined],
    ['run.rename', { id: 'r-7f21c4a0', name: ' ' }],
    ['run.readFile', { id: 'r-7f21c4a0', path: 'a\0b' }],
    ['run.unitImages', { id: 'r-7f21c4a0', unit: -1, count: 4, split: 'train' }],
    ['run.metrics', { id: 'r-7f21c4a0', names: ['speed'] }],
    ['spectrum.fit', { eigenvalues: [1, 2, 3], window: [1, 3] }],
    ['prune.plan', { id: 'r-7f21c4a0', mode: 'corrected', cutoff: 0 }],
    [
      'figure.export',
      { figure: 'A1', source: { kind: 'run', run: 'r-7f21c4a0' }, style: 'IJoCV', formats: [], folder: null, dpi: 300 },
    ],
    ['figure.readFile', { run: null, fileName: '../settings.json' }],
    ['dataset.import', { kind: 'imagenet', path: '/data' }],
    ['settings.set', { theme: 'pink' }],
  ])('%s refuses %j and names the command', (name, input) => {
    const { code, message } = refusal(name, input)
    expect(code).toBe('value.range')
    expect(message).toContain(name)
  })

  it('name the value that was refused, once', () => {
    expect(refusal('run.unitImages', { id: 'r-7f21c4a0', unit: -1, count: 4, split: 'train' }).message).toMatch(
      /unit: .*, got -1$/,
    )
    expect(refusal('spectrum.fit', { eigenvalues: new Float64Array(3), window: [0, 3] }).message).toMatch(
      /window\.0: .*, got 0$/,
    )
    expect(refusal('run.get', { id: 'nobody' }).message.match(/got/g)).toHaveLength(1)
    expect(refusal('run.get', { id: 'r-7f21c4a0', extra: 1 }).message).not.toContain('got')
  })

  it('sizes in steps of 1/255 are no sizes in the maximum norm, and are sizes in another', () => {
    const request: RobustnessRequest = sweepRequest({
      models: [{ model: 'A', label: 'A' }],
      grid: { from: 1, to: 8, count: 3, spacing: 'lin' },
    })
    expect(
      refusal('robustness.run', { ...request, attack: { kind: 'fgsm', norm: 'linf', target: null } }).message,
    ).toContain('grid.to: expected ε from 0 to 1 in the L∞ norm, got 8; did you mean 8/255 = 0.0314?')
    for (const attack of [{ kind: 'fgsm', norm: 2, target: null }, { kind: 'random' }] as const)
      expect(parseInput('robustness.run', { ...request, attack })).toMatchObject({ attack })
    const plane = {
      kind: 'adversarial',
      image: 0,
      model: 'A',
      attack: { kind: 'fgsm', norm: 'linf', target: null },
      epsilon: 2.5,
      seed: 0,
    }
    expect(refusal('plane.compute', { plane }).message).toContain(
      'plane.epsilon: expected ε from 0 to 1 in the L∞ norm, got 2.5;',
    )
  })

  it('keeps the codes of the form of an experiment', async () => {
    const [preset] = await readPresets(new URL('../../resources', import.meta.url).pathname)
    const { spec } = preset!
    expect(parseInput('run.submit', { spec })).toEqual({ spec })
    expect(parseInput('run.submit', { spec, next: true })).toEqual({ spec, next: true })
    expect(refusal('run.submit', { spec: { ...spec, version: 2 } }).code).toBe('spec.newerVersion')
    expect(refusal('run.submit', { spec: { ...spec, colour: 1 } }).code).toBe('spec.unknownKey')
    expect(refusal('run.estimate', { spec: { ...spec, seed: -1 } }).code).toBe('spec.invalid')
    expect(refusal('run.estimate', {}).code).toBe('spec.invalid')
  })
})
