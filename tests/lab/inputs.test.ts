import { describe, expect, it } from 'vitest'
import { LabError, type CommandName } from '../../contract/index.js'
import { parseInput } from '../../lab/handlers/inputs.js'
import { readPresets } from '../../lab/presets.js'

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
    ['figure.export', { figure: 'A1', source: { kind: 'run', run: 'r-7f21c4a0' }, style: 'IJoCV', formats: [], folder: null, dpi: 300 }],
    ['figure.readFile', { run: null, fileName: '../settings.json' }],
    ['dataset.import', { kind: 'imagenet', path: '/data' }],
    ['settings.set', { theme: 'pink' }],
  ])('%s refuses %j and names the command', (name, input) => {
    const { code, message } = refusal(name, input)
    expect(code).toBe('value.range')
    expect(message).toContain(name)
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
