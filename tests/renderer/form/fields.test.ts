import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DATASET_KINDS, classifierRateOf, localLearningSpec } from '../../../contract/index.js'
import { asTree } from '../../../renderer/form/commandLine.js'
import { datasetOf } from '../../../renderer/form/datasetDefaults.js'
import { changesBetween, leavesOf, valueAt, withValue } from '../../../renderer/form/draftTree.js'
import { fieldsOf as fieldsOfSection, formSections } from '../../../renderer/form/fields.js'
import { nextName } from '../../../renderer/pages/new/nextName.js'
import { RATE_PRESETS, ratePresetOf } from '../../../renderer/pages/new/ratePresets.js'
import { entriesOf, parseSources } from '../../../renderer/form/sources.js'
import { checkDraft, seedsFault } from '../../../renderer/form/validation.js'
import { nextStep, variantAt, variantOf } from '../../../renderer/form/variants.js'
import { warningsOf } from '../../../renderer/pages/new/warnings.js'
import type { DraftTree, DraftValue } from '../../../renderer/stores/drafts.js'
import { ALL_PRESETS, classifierSpecOf, presetSpec, runRecord } from '../fakeLab.js'

const paper = (): DraftTree => asTree(presetSpec('cifar10-paper'))
const fieldsOf = (tree: DraftTree) => formSections(tree).flatMap(fieldsOfSection)
const fieldAt = (path: string) => fieldsOf(paper()).find((field) => field.path === path)
const faultAt = (path: string, value: DraftValue): string | undefined => {
  const tree = withValue(paper(), path, value)
  return checkDraft(tree, fieldsOf(tree)).faults.get(path)
}

describe('the form walks the schema', () => {
  it('has a field for every leaf of every preset but the fixed ones', () => {
    for (const { spec } of ALL_PRESETS) {
      const leaves = leavesOf(asTree(spec))
        .map(([path]) => path)
        .filter((path) => !['version', 'kind', 'dataset.kind', 'dataset.generator'].includes(path))
      expect(
        fieldsOf(asTree(spec))
          .map(({ path }) => path)
          .sort(),
      ).toEqual(leaves.sort())
    }
  })
  it('shows only the chosen dataset’s fields', () => {
    const of = (kind: string): string[] =>
      fieldsOf(withValue(paper(), 'dataset', { kind }))
        .map(({ path }) => path)
        .filter((path) => path.startsWith('dataset.'))
    expect(of('mnist')).toEqual(['dataset.imageLimit'])
    expect(of('gaussianNoise')).toEqual([
      'dataset.imageLimit',
      'dataset.mean',
      'dataset.standardDeviation',
      'dataset.dataSeed',
    ])
  })
  it('has a section of docs/SOURCES.md for every source', () => {
    const sources = parseSources(readFileSync(new URL('../../../docs/SOURCES.md', import.meta.url), 'utf8'))
    const cited = ALL_PRESETS.flatMap(({ spec }) => fieldsOf(asTree(spec))).map(({ meta }) => meta.source)
    expect(cited.length).toBeGreaterThan(40)
    expect([...new Set(cited)].filter((section) => entriesOf(sources, section).length === 0)).toEqual([])
    expect(sources.get('3.2')?.map(({ topic }) => topic)).toEqual([
      "the models' files",
      'perceptron (BP, L2, JReg, SpecReg)',
    ])
  })
  it('says ranges in words', () => {
    expect([
      fieldAt('layer.hiddenUnits')?.range,
      fieldAt('layer.weightSpread')?.range,
      fieldAt('schedule.epochs')?.range,
      fieldAt('checks.meanLimit')?.range,
      fieldAt('dataset.imageLimit')?.range,
    ]).toEqual(['2 to 20\u202f000', '> 0', '1 to 100\u202f000', '−100 to 0', '1 to all'])
  })
  it('knows which fields may be empty or must be whole', () => {
    expect(
      fieldsOf(paper())
        .filter(({ nullable }) => nullable)
        .map(({ path }) => path),
    ).toEqual(['dataset.imageLimit', 'layer.weightSpread'])
    expect([fieldAt('layer.hiddenUnits')?.integer, fieldAt('layer.radius')?.integer]).toEqual([true, false])
  })
  it('puts every group of the schema under a heading of its own', () => {
    expect(formSections(paper()).map(({ id }) => id)).toEqual([
      'identity',
      ...Object.entries(localLearningSpec.shape)
        .filter(([, schema]) => 'shape' in schema || ('options' in schema && schema.type === 'union'))
        .map(([key]) => key),
    ])
    for (const { title, id } of formSections(paper())) expect(title).not.toBe(id)
  })
  it('gives every dataset a part of the spec that is valid', () => {
    for (const kind of DATASET_KINDS) {
      const draft = { presetId: null, originLabel: '', origin: paper(), spec: paper(), seeds: 1 }
      const tree = withValue(draft.spec, 'dataset', datasetOf(kind, draft))
      expect(checkDraft(tree, fieldsOf(tree))).toMatchObject({ spec: { dataset: { kind } } })
    }
  })
})

describe('the form of a classifier', () => {
  const tree = (): DraftTree => asTree(classifierSpecOf())
  const sectionOf = (spec: DraftTree, id: string) => formSections(spec).find((section) => section.id === id)
  it('shows only the fields of the chosen model and rate', () => {
    const of = (path: string, kind: string): string[] => {
      const variant = variantAt(path)
      if (variant === null) throw new Error(`${path} has one form`)
      const spec = withValue(tree(), path, variantOf(variant, kind, valueAt(tree(), path), undefined))
      expect(checkDraft(spec, fieldsOf(spec)).faults.size, `${path} ${kind}`).toBe(0)
      return fieldsOf(spec)
        .map((field) => field.path)
        .filter((each) => each.startsWith(`${path}.`))
        .map((each) => each.slice(path.length + 1))
    }
    expect(of('model', 'hybrid')).toEqual(['kind', 'activationExponent', 'layer', 'layerForm'])
    expect(of('schedule.rate', 'exponential')).toEqual(['kind', 'learningRate', 'holdEpochs', 'timeConstant'])
    expect(of('schedule.rate', 'steps')).toEqual(['kind', 'learningRate', 'steps.0.after', 'steps.0.learningRate'])
  })
  it('has a form to start from for every choice of every variant', () => {
    for (const path of ['model', 'schedule.rate', 'regularisers.0']) {
      const variant = variantAt(path)
      expect(variant?.choices.map(({ value }) => value).sort()).toEqual(Object.keys(variant?.first ?? {}).sort())
    }
  })
  it('keeps what was typed and means the same, and the start’s own form', () => {
    const model = variantAt('model')
    if (model === null) throw new Error('no variant')
    const typed = { ...(tree()['model'] as DraftTree), hiddenUnits: 42 }
    expect(variantOf(model, 'tanhPerceptron', typed, tree()['model'])).toMatchObject({
      hiddenUnits: 42,
      activationExponent: 1,
      batchNorm: true,
    })
    expect(variantOf(model, 'perceptron', typed, tree()['model'])).toEqual(tree()['model'])
  })
  it('lists penalties with a field for each number, up to eight', () => {
    const [list] = sectionOf(tree(), 'regularisers')?.lists ?? []
    expect([list?.fewest, list?.most, list?.entries.length]).toEqual([0, 8, 3])
    expect(list?.entries[0]?.map(({ path }) => path)).toEqual([
      'regularisers.0.kind',
      'regularisers.0.strength',
      'regularisers.0.lebesgueNorm',
    ])
    const [steps] = sectionOf(tree(), 'schedule')?.lists ?? []
    expect([steps?.path, steps?.fewest, steps?.most]).toEqual(['schedule.rate.steps', 1, 20])
  })
  it('proposes a next step that is valid', () => {
    const steps = valueAt(tree(), 'schedule.rate.steps') as DraftValue[]
    const spec = withValue(tree(), 'schedule.rate.steps', [...steps, nextStep(steps)])
    expect(checkDraft(spec, fieldsOf(spec)).spec).toMatchObject({
      schedule: { rate: { steps: [{}, {}, { after: 120, learningRate: 0.0001 }] } },
    })
  })
  it.each<[string, DraftValue, string]>([
    ['regularisers.2.firstIndex', 99, 'There are only 100 eigenvalues. Use 98 or less.'],
    ['schedule.rate.steps.1.after', 30, 'Each step must come after the previous one. Use 31 or more.'],
    ['schedule.batchSize', 1, 'Batch norm needs at least two images to compute a variance. Use 2 or more.'],
    ['regularisers.0.strength', 'much', '“much” is not a number. Must be a number from 0 to 1\u202f000\u202f000.'],
  ])('%s = %j is a fault', (path, value, sentence) => {
    const spec = withValue(tree(), path, value)
    expect(checkDraft(spec, fieldsOf(spec)).faults.get(path)).toBe(sentence)
  })
  it('warns of what cannot do what it says', () => {
    const spec = classifierSpecOf()
    spec.schedule.epochs = 60
    spec.schedule.batchSize = 50
    expect([...warningsOf(spec, []).keys()].sort()).toEqual(['regularisers.2.kind', 'schedule.rate.steps.1.after'])
  })
  it('knows the schedules of the paper by their values', () => {
    for (const { id, rate } of RATE_PRESETS) {
      const spec = withValue(tree(), 'schedule.rate', rate as unknown as DraftTree)
      expect(ratePresetOf(valueAt(spec, 'schedule.rate'))).toBe(id)
      expect(checkDraft(spec, fieldsOf(spec)).faults.size).toBe(0)
    }
    expect(ratePresetOf(valueAt(tree(), 'schedule.rate'))).toBeNull()
    // Section 3.6 at completed epochs a = e - 1: S1 falls after 30, 90, 120, 160; S2 after 90 by exp(-(a-90)/30); S3 after 200 by exp(-(a-200)/80).
    const at = (id: string, completed: number): number =>
      classifierRateOf(
        RATE_PRESETS.find((preset) => preset.id === id)?.rate ?? { kind: 'constant', learningRate: NaN },
        completed + 1,
      )
    expect([30, 31, 90, 91, 120, 121, 160, 161].map((completed) => at('S1', completed))).toEqual([
      1e-3, 5e-4, 5e-4, 2e-4, 2e-4, 1e-4, 1e-4, 1e-5,
    ])
    expect([at('S2', 90), at('S2', 120), at('S3', 200), at('S3', 280)]).toEqual([
      1e-3,
      1e-3 * Math.exp(-1),
      1e-3,
      1e-3 * Math.exp(-1),
    ])
  })
})

describe('seeds', () => {
  it.each<[DraftValue, DraftValue, string | null]>([
    [5, 1, null],
    [1, 0xffffffff, null],
    [0, 1, 'Must be a whole number from 1 to 100.'],
    [101, 1, 'Must be a whole number from 1 to 100.'],
    [1.5, 1, 'Must be a whole number from 1 to 100.'],
    ['', 1, 'Enter a number. Must be a whole number from 1 to 100.'],
    [
      3,
      0xffffffff - 1,
      'The last seed would exceed 4\u202f294\u202f967\u202f295. Use at most 2 runs, or a smaller first seed.',
    ],
  ])('%j from seed %j: %j', (seeds, seed, sentence) => {
    expect(seedsFault(seeds, seed)).toBe(sentence)
  })
})

describe('faults in a sentence: the fact, then what to do', () => {
  it.each<[string, DraftValue, string]>([
    ['rule.rank', 1, 'Rank 1 is the winning unit. Use 2 or more.'],
    ['rule.rank', 101, 'Must be a whole number from 2 to 100.'],
    ['layer.hiddenUnits', 1, 'Must be a whole number from 2 to 20\u202f000.'],
    ['layer.hiddenUnits', 2.5, 'Must be a whole number from 2 to 20\u202f000.'],
    ['layer.hiddenUnits', 'many', '“many” is not a number. Must be a whole number from 2 to 20\u202f000.'],
    ['layer.hiddenUnits', '', 'Enter a number. Must be a whole number from 2 to 20\u202f000.'],
    ['layer.weightSpread', 0, 'Must be greater than 0 and at most 100, or leave it empty.'],
    ['layer.lebesgueNorm', 0.5, 'Must be a number from 1 to 8.'],
    ['schedule.learningRate', -1, 'Must be greater than 0 and at most 10.'],
    ['name', '   ', 'Enter a name.'],
    ['probes.windowEnd', 12, 'A fit needs at least three ranks. Use 13 or more.'],
  ])('%s = %j', (path, value, sentence) => {
    expect(faultAt(path, value)).toBe(sentence)
  })
  it('finds a rank beyond the units', () => {
    const tree = withValue(withValue(paper(), 'layer.hiddenUnits', 5), 'rule.rank', 6)
    expect(checkDraft(tree, fieldsOf(tree)).faults.get('rule.rank')).toBe(
      'There are only 5 units to rank. Use 5 or less.',
    )
  })
  it('refuses an unknown key', () => {
    expect(checkDraft(withValue(paper(), 'layer.hidden', 3), fieldsOf(paper())).spec).toBeNull()
  })
  it('takes an empty field where empty is a value', () => {
    expect(faultAt('layer.weightSpread', null)).toBeUndefined()
  })
})

describe('drafts', () => {
  it('share what did not change', () => {
    const before = paper()
    const after = withValue(before, 'layer.hiddenUnits', 7)
    expect(valueAt(after, 'layer.hiddenUnits')).toBe(7)
    expect(valueAt(before, 'layer.hiddenUnits')).toBe(2000)
    expect(after['rule']).toBe(before['rule'])
  })
  it('reach into lists, and compare their entries by form', () => {
    const list = {
      terms: [
        { kind: 'a', x: 1 },
        { kind: 'b', y: 2 },
      ],
    }
    expect(valueAt(list, 'terms.1.y')).toBe(2)
    expect(withValue(list, 'terms.0.x', 5)).toEqual({
      terms: [
        { kind: 'a', x: 5 },
        { kind: 'b', y: 2 },
      ],
    })
    expect(leavesOf(list).map(([path]) => path)).toEqual(['terms.0.kind', 'terms.0.x', 'terms.1.kind', 'terms.1.y'])
    expect(changesBetween(list, withValue(list, 'terms.0.x', 5))).toEqual([{ path: 'terms.0.x', from: 1, to: 5 }])
    expect(changesBetween(list, { terms: [{ kind: 'a', x: 1 }] })).toEqual([
      { path: 'terms.1', from: { kind: 'b', y: 2 }, to: undefined },
    ])
    expect(
      changesBetween(list, {
        terms: [
          { kind: 'b', y: 2 },
          { kind: 'b', y: 2 },
        ],
      }),
    ).toEqual([{ path: 'terms.0', from: { kind: 'a', x: 1 }, to: { kind: 'b', y: 2 } }])
  })
  it('list every difference, also keys of one side only', () => {
    expect(changesBetween({ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 4, e: 5 } })).toEqual([
      { path: 'b.c', from: 2, to: 4 },
      { path: 'b.e', from: undefined, to: 5 },
      { path: 'b.d', from: 3, to: undefined },
    ])
  })
})

describe('warnings never block, and cite earlier runs', () => {
  it('says how often runs like this did not converge', () => {
    const spec = presetSpec('cifar10-demo')
    const verdict = {
      passed: false,
      unconvergedFraction: 0.17,
      unconvergedUnits: 68,
      lowMeanUnits: 0,
      flatFraction: 0,
      text: '',
    }
    const record = runRecord({ state: 'finished', verdict })
    expect(
      warningsOf(spec, [
        { record, spec },
        { record, spec },
      ]).get('schedule.epochs'),
    ).toBe('In 2 earlier runs like this 17\u00a0% of the units did not converge.')
    expect(warningsOf(spec, [{ record, spec: presetSpec('mnist-paper') }]).has('schedule.epochs')).toBe(false)
  })
  it('warns where a setting cannot do what it says', () => {
    const spec = presetSpec('quick-look')
    spec.schedule.batchSize = 50_000
    spec.probes.windowEnd = 500
    spec.checkpoints.every = 90_000
    expect([...warningsOf(spec, []).keys()].sort()).toEqual([
      'checkpoints.every',
      'probes.windowEnd',
      'schedule.batchSize',
    ])
  })
  it('is silent about the presets', () => {
    for (const { spec } of ALL_PRESETS) expect([...warningsOf(spec, [])]).toEqual([])
  })
})

describe('the name of a run made from another', () => {
  it('is one that nothing has yet', () => {
    expect(nextName('delta=0.1', ['delta=0.1'])).toBe('delta=0.1 (2)')
    expect(nextName('delta=0.1 (2)', ['delta=0.1', 'delta=0.1 (2)', 'delta=0.1 (3)'])).toBe('delta=0.1 (4)')
  })
})
