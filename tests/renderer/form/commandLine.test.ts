import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign } from '../../../cli/settings.js'
import { parseExperiment, type ExperimentSpec } from '../../../contract/index.js'
import { commandLine, settingsBetween, shellWord, shortestWay } from '../../../renderer/form/commandLine.js'
import { ALL_PRESETS, PRESETS, classifierSpecOf, presetSpec } from '../fakeLab.js'

/** What `lab run PRESET --set …` makes of the settings, by the command line's own code. */
function followed(way: { preset: string; settings: readonly string[] }): ExperimentSpec {
  const spec = presetSpec(way.preset)
  for (const setting of way.settings) assign(spec as unknown as Record<string, unknown>, setting)
  return parseExperiment(spec)
}

/** Words of a line as a POSIX shell splits it, for the quoting that shellWord does. */
function shellSplit(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  for (let at = 0; at < line.length; at++) {
    const sign = line[at] ?? ''
    if (sign === "'") {
      const end = line.indexOf("'", at + 1)
      word = (word ?? '') + line.slice(at + 1, end)
      at = end
    } else if (sign === '\\') {
      at++
      if (line[at] !== '\n') word = (word ?? '') + (line[at] ?? '')
    } else if (/\s/.test(sign)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + sign
  }
  return word === null ? words : [...words, word]
}

describe('the same from a terminal', () => {
  it('is the preset alone when nothing was changed', () => {
    expect(commandLine(presetSpec('cifar10-paper'), PRESETS)).toBe('lab run cifar10-paper')
  })
  it('sets what was changed, one a line', () => {
    const spec = presetSpec('cifar10-paper')
    spec.layer.hiddenUnits = 400
    spec.schedule.epochs = 120
    expect(commandLine(spec, PRESETS)).toBe(
      'lab run cifar10-paper \\\n  --set layer.hiddenUnits=400 \\\n  --set schedule.epochs=120',
    )
  })
  it('starts from the preset that is nearest', () => {
    const spec = presetSpec('quick-look')
    spec.seed = 5
    expect(shortestWay(spec, PRESETS)).toEqual({ preset: 'quick-look', settings: ['seed=5'] })
  })
  it('sets a dataset of another form as a whole, since its keys differ', () => {
    const spec = presetSpec('cifar10-demo')
    spec.dataset = { kind: 'gaussianNoise', imageLimit: 500, mean: 0, standardDeviation: 1, dataSeed: 9 }
    expect(settingsBetween(presetSpec('cifar10-demo'), spec)).toEqual([
      'dataset={"kind":"gaussianNoise","imageLimit":500,"mean":0,"standardDeviation":1,"dataSeed":9}',
    ])
  })
  it('names seeds, and starts only from presets of the same kind', () => {
    expect(commandLine(classifierSpecOf({ seed: 9 }), ALL_PRESETS, 5)).toBe(
      'lab run scenes-classifier \\\n  --set seed=9 \\\n  --seeds 5',
    )
    expect(commandLine(classifierSpecOf(), PRESETS)).toBeNull()
  })
  it('sets one number of a list by its place, and a list of other entries as a whole', () => {
    const start = classifierSpecOf()
    const [first, second, third] = start.regularisers
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('three penalties were expected')
    expect(
      settingsBetween(start, classifierSpecOf({ regularisers: [{ ...first, strength: 0.001 }, second, third] })),
    ).toEqual(['regularisers.0.strength=0.001'])
    expect(settingsBetween(start, classifierSpecOf({ regularisers: [{ ...first, strength: 0.001 }, third] }))).toEqual([
      `regularisers=${JSON.stringify([{ ...first, strength: 0.001 }, third])}`,
    ])
    expect(settingsBetween(start, classifierSpecOf({ regularisers: [] }))).toEqual(['regularisers=[]'])
  })
  it('sets a model or rate of another form as a whole', () => {
    const start = classifierSpecOf({ regularisers: [] })
    const other = classifierSpecOf({
      regularisers: [],
      model: { kind: 'identity', imageNorm: 3 },
      schedule: { ...start.schedule, rate: { kind: 'constant', learningRate: 0.01 } },
    })
    expect(settingsBetween(start, other)).toEqual([
      'model={"kind":"identity","imageNorm":3}',
      'schedule.rate={"kind":"constant","learningRate":0.01}',
    ])
  })
  it('has nothing to start from without presets', () => {
    expect(commandLine(presetSpec('quick-look'), [])).toBeNull()
  })
  it('leads the command line to the very same experiment, whatever the fields hold', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PRESETS.map(({ id }) => id)),
        fc
          .string({ minLength: 1, maxLength: 40 })
          .filter((name) => name.trim() === name && !name.includes('\0') && name !== ''),
        fc.record({
          hiddenUnits: fc.integer({ min: 200, max: 20_000 }),
          weightSpread: fc.option(fc.double({ min: 1e-6, max: 100, noNaN: true })),
          strength: fc.double({ min: 0, max: 10, noNaN: true }),
          limit: fc.option(fc.integer({ min: 1, max: 60_000 })),
          seed: fc.integer({ min: 0, max: 0xffffffff }),
        }),
        fc.constantFrom<ExperimentSpec['dataset']['kind']>('cifar10', 'mnist', 'gaussianNoise', 'syntheticScenes'),
        (id, name, numbers, kind) => {
          const spec = presetSpec(id)
          spec.name = name
          spec.seed = numbers.seed
          spec.layer = { ...spec.layer, hiddenUnits: numbers.hiddenUnits, weightSpread: numbers.weightSpread }
          spec.rule.antiHebbianStrength = numbers.strength
          spec.dataset =
            kind === 'gaussianNoise'
              ? { kind, imageLimit: numbers.limit, mean: 0.5, standardDeviation: 2, dataSeed: 3 }
              : kind === 'syntheticScenes'
                ? { kind, imageLimit: numbers.limit, dataSeed: 3 }
                : { kind, imageLimit: numbers.limit }
          const way = shortestWay(spec, PRESETS)
          expect(way).not.toBeNull()
          if (way !== null) expect(followed(way)).toEqual(spec)
          const words = shellSplit(commandLine(spec, PRESETS) ?? '')
          expect(words.slice(0, 3)).toEqual(['lab', 'run', way?.preset])
          expect(words.slice(3).filter((word) => word !== '--set')).toEqual(
            way?.settings.filter((word) => word !== '--set'),
          )
        },
      ),
      { numRuns: 200 },
    )
  })
  it('quotes for a shell only what needs it', () => {
    expect([
      shellWord('layer.hiddenUnits=400'),
      shellWord('name=a first try'),
      shellWord("name=it's"),
      shellWord('name=$HOME'),
    ]).toEqual(['layer.hiddenUnits=400', "'name=a first try'", "'name=it'\\''s'", "'name=$HOME'"])
  })
})
