import { describe, expect, it } from 'vitest'
import { DATASET_KINDS, localLearningSpec } from '../../../contract/index.js'
import { asTree } from '../../../renderer/form/commandLine.js'
import { datasetOf } from '../../../renderer/form/datasetDefaults.js'
import { changesBetween, leavesOf, valueAt, withValue } from '../../../renderer/form/draftTree.js'
import { formSections } from '../../../renderer/form/fields.js'
import { checkDraft } from '../../../renderer/form/validation.js'
import { warningsOf } from '../../../renderer/form/warnings.js'
import type { DraftTree, DraftValue } from '../../../renderer/stores/drafts.js'
import { PRESETS, presetSpec, runRecord } from '../fakeLab.js'

const paper = (): DraftTree => asTree(presetSpec('cifar10-paper'))
const fieldsOf = (tree: DraftTree) => formSections(tree).flatMap(({ fields }) => fields)
const fieldAt = (path: string) => fieldsOf(paper()).find((field) => field.path === path)
const faultAt = (path: string, value: DraftValue): string | undefined => {
  const tree = withValue(paper(), path, value)
  return checkDraft(tree, fieldsOf(tree)).faults.get(path)
}

describe('the form walks the schema', () => {
  it('has a field for every leaf of every preset but the fixed ones', () => {
    for (const { spec } of PRESETS) {
      const leaves = leavesOf(asTree(spec)).map(([path]) => path).filter((path) => !['version', 'kind', 'dataset.kind'].includes(path))
      expect(fieldsOf(asTree(spec)).map(({ path }) => path).sort()).toEqual(leaves.sort())
    }
  })
  it('shows only the chosen dataset’s fields', () => {
    const of = (kind: string): string[] => fieldsOf(withValue(paper(), 'dataset', { kind })).map(({ path }) => path).filter((path) => path.startsWith('dataset.'))
    expect(of('mnist')).toEqual(['dataset.imageLimit'])
    expect(of('gaussianNoise')).toEqual(['dataset.imageLimit', 'dataset.mean', 'dataset.standardDeviation', 'dataset.dataSeed'])
  })
  it('says ranges in words', () => {
    expect([fieldAt('layer.hiddenUnits')?.range, fieldAt('layer.weightSpread')?.range, fieldAt('schedule.epochs')?.range, fieldAt('checks.meanLimit')?.range, fieldAt('dataset.imageLimit')?.range]).toEqual(['2 to 20\u202f000', '> 0', '1 to 10⁵', '−100 to 0', '1 to all'])
  })
  it('knows which fields may be empty or must be whole', () => {
    expect(fieldsOf(paper()).filter(({ nullable }) => nullable).map(({ path }) => path)).toEqual(['dataset.imageLimit', 'layer.weightSpread'])
    expect([fieldAt('layer.hiddenUnits')?.integer, fieldAt('layer.radius')?.integer]).toEqual([true, false])
  })
  it('puts every group of the schema under a heading of its own', () => {
    expect(formSections(paper()).map(({ id }) => id)).toEqual(['identity', ...Object.entries(localLearningSpec.shape).filter(([, schema]) => 'shape' in schema || 'options' in schema && schema.type === 'union').map(([key]) => key)])
    for (const { title, id } of formSections(paper())) expect(title).not.toBe(id)
  })
  it('gives every dataset a part of the spec that is valid', () => {
    for (const kind of DATASET_KINDS) {
      const draft = { presetId: null, originLabel: '', origin: paper(), spec: paper() }
      const tree = withValue(draft.spec, 'dataset', datasetOf(kind, draft))
      expect(checkDraft(tree, fieldsOf(tree))).toMatchObject({ spec: { dataset: { kind } } })
    }
  })
})

describe('faults in a sentence: the fact, then what to do', () => {
  it.each<[string, DraftValue, string]>([
    ['rule.rank', 1, 'Rank 1 is the winner itself. Use 2 or more.'],
    ['rule.rank', 101, '101 is too large. Use a whole number, 2 to 100.'],
    ['layer.hiddenUnits', 1, '1 is too small. Use a whole number, 2 to 20\u202f000.'],
    ['layer.hiddenUnits', 2.5, '2.5 is not a whole number. Use a whole number, 2 to 20\u202f000.'],
    ['layer.hiddenUnits', 'many', '“many” is not a number. Use a whole number, 2 to 20\u202f000.'],
    ['layer.hiddenUnits', '', 'A number is missing. Use a whole number, 2 to 20\u202f000.'],
    ['layer.weightSpread', 0, '0 is too small. Use more than 0 and 100 or less, or leave it empty.'],
    ['layer.lebesgueNorm', 0.5, '0.5 is too small. Use 1 to 8.'],
    ['schedule.learningRate', -1, '−1 is too small. Use more than 0 and 10 or less.'],
    ['name', '   ', 'Name is empty. Write what you will look for later.'],
    ['probes.windowEnd', 12, 'A fit needs three ranks. Use 13 or more.'],
  ])('%s = %j', (path, value, sentence) => {
    expect(faultAt(path, value)).toBe(sentence)
  })
  it('finds a rank beyond the units', () => {
    const tree = withValue(withValue(paper(), 'layer.hiddenUnits', 5), 'rule.rank', 6)
    expect(checkDraft(tree, fieldsOf(tree)).faults.get('rule.rank')).toBe('There are only 5 units to rank. Use 5 or less.')
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
  it('list every difference, also keys of one side only', () => {
    expect(changesBetween({ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 4, e: 5 } })).toEqual([{ path: 'b.c', from: 2, to: 4 }, { path: 'b.e', from: undefined, to: 5 }, { path: 'b.d', from: 3, to: undefined }])
  })
})

describe('warnings never block, and cite earlier runs', () => {
  it('tells how often runs like this did not converge', () => {
    const spec = presetSpec('cifar10-demo')
    const verdict = { passed: false, unconvergedFraction: 0.17, unconvergedUnits: 68, lowMeanUnits: 0, flatFraction: 0, text: '' }
    const record = runRecord({ state: 'finished', verdict })
    expect(warningsOf(spec, [{ record, spec }, { record, spec }]).get('schedule.epochs')).toBe('In 2 earlier runs like this 17\u00a0% of the norms stayed off.')
    expect(warningsOf(spec, [{ record, spec: presetSpec('mnist-paper') }]).has('schedule.epochs')).toBe(false)
  })
  it('warns where a setting cannot do what it says', () => {
    const spec = presetSpec('quick-look')
    spec.schedule.batchSize = 50_000
    spec.probes.windowEnd = 500
    spec.checkpoints.every = 90_000
    expect([...warningsOf(spec, []).keys()].sort()).toEqual(['checkpoints.every', 'probes.windowEnd', 'schedule.batchSize'])
  })
  it('is silent about the presets', () => {
    for (const { spec } of PRESETS) expect([...warningsOf(spec, [])]).toEqual([])
  })
})
