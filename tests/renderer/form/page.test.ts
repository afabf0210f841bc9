// @vitest-environment happy-dom
import { flushPromises, type DOMWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '../../../contract/index.js'
import NewExperimentPage from '../../../renderer/pages/new/NewExperimentPage.vue'
import { datasetStatus, fakeLab, presetSpec, runRecord, type FakeLab } from '../fakeLab.js'
import { mountPage, type MountedPage } from '../mountPage.js'

let page: MountedPage
let lab: FakeLab

const row = (path: string): DOMWrapper<Element> => page.wrapper.find(`[data-path="${path}"]`)
const input = (path: string): DOMWrapper<HTMLInputElement> => row(path).find('input')
const type = async (path: string, text: string): Promise<void> => {
  await input(path).setValue(text)
  await input(path).trigger('blur')
}
const press = async (words: string): Promise<void> => {
  const button = page.wrapper.findAll('button').find((candidate) => candidate.text() === words)
  if (button === undefined) throw new Error(`no button ${words}`)
  await button.trigger('click')
  await flushPromises()
}
const open = async (
  address = '/new/localLearning?preset=cifar10-paper',
  answers: Parameters<typeof fakeLab>[0] = {},
): Promise<void> => {
  lab = fakeLab({ 'run.submit': ({ spec }) => runRecord({ id: 'r-000000aa', name: spec.name }), ...answers })
  page = await mountPage(NewExperimentPage, lab, address)
}

beforeEach(() => window.localStorage.clear())
afterEach(() => page.wrapper.unmount())

describe('the form of a local-learning experiment', () => {
  it('starts as the preset, without changes', async () => {
    await open()
    expect(input('layer.hiddenUnits').element.value).toBe('2000')
    expect(input('checks.meanLimit').element.value).toBe('−0.5')
    expect(page.wrapper.text()).toContain('No changes from the preset.')
    expect(page.wrapper.find('pre').text()).toBe('lab run cifar10-paper')
  })
  it('gives every field a label and its help', async () => {
    await open()
    for (const field of page.wrapper.findAll<HTMLInputElement>('form input')) {
      expect(page.wrapper.find(`label[for="${field.element.id}"]`).exists(), field.element.id).toBe(true)
      expect(page.wrapper.find(`#${field.attributes('aria-describedby') ?? ''}`).exists()).toBe(true)
    }
  })
  it('marks what was changed, counts it, shows both values, and takes it back', async () => {
    await open()
    await type('layer.hiddenUnits', '400')
    expect(row('layer.hiddenUnits').classes()).toContain('changed')
    expect(page.wrapper.find('.head').text()).toContain('1 change')
    expect(page.wrapper.find('.outline').text()).toContain('1 changed')
    expect(page.wrapper.find('.diff').text()).toMatch(/Hidden units\s*H\s*2000\s*400/)
    expect(page.wrapper.find('pre').text()).toBe('lab run cifar10-paper \\\n  --set layer.hiddenUnits=400')
    await row('layer.hiddenUnits').find('.back').trigger('click')
    expect(input('layer.hiddenUnits').element.value).toBe('2000')
    expect(row('layer.hiddenUnits').classes()).not.toContain('changed')
  })
  it('says nothing while one types, and one sentence when one leaves', async () => {
    await open()
    await input('rule.rank').setValue('1')
    expect(row('rule.rank').find('.fault').exists()).toBe(false)
    await input('rule.rank').trigger('blur')
    expect(row('rule.rank').find('.fault').text()).toBe('Rank 1 is the winning unit. Use 2 or more.')
    expect(input('rule.rank').attributes('aria-invalid')).toBe('true')
    expect(page.wrapper.find('.outline').text()).toContain('1 to fix')
    await input('rule.rank').setValue('3')
    expect(row('rule.rank').find('.fault').exists()).toBe(false)
  })
  it('does not start with a fault; it leads to it', async () => {
    await open()
    await input('layer.hiddenUnits').setValue('many')
    await press('Start now')
    expect(lab.inputs('run.submit')).toEqual([])
    expect(row('layer.hiddenUnits').find('.fault').text()).toContain('“many” is not a number.')
    expect(document.activeElement).toBe(input('layer.hiddenUnits').element)
  })
  it('keeps the text that a person types while it means the same', async () => {
    await open()
    await type('schedule.learningRate', '0.0200')
    expect(input('schedule.learningRate').element.value).toBe('0.0200')
    expect(row('schedule.learningRate').classes()).not.toContain('changed')
  })
  it('steps by the last digit with the arrow keys', async () => {
    await open()
    await input('schedule.learningRate').trigger('keydown', { key: 'ArrowUp' })
    expect(input('schedule.learningRate').element.value).toBe('0.03')
    await input('layer.hiddenUnits').trigger('keydown', { key: 'ArrowDown', shiftKey: true })
    expect(input('layer.hiddenUnits').element.value).toBe('1990')
  })
  it('takes an empty field where empty is a value', async () => {
    await open()
    await type('layer.weightSpread', '')
    expect(row('layer.weightSpread').find('.fault').exists()).toBe(false)
    await press('Queue')
    expect(lab.inputs('run.submit')[0]?.spec).toMatchObject({ layer: { weightSpread: null } })
  })
  it('opens the equation behind a parameter', async () => {
    await open()
    const mark = row('rule.antiHebbianStrength').find('button.source')
    expect(mark.text()).toBe('§ 2.6')
    await mark.trigger('click')
    await vi.waitFor(() =>
      expect(document.querySelector('.source-card')?.textContent).toContain('dW = R^p Σ g x - W Σ g h'),
    )
    expect(document.querySelector('.source-card')?.textContent).toContain('engine/learning/fkhl3.ts')
  })
  it('folds rarely changed fields away until all are asked for', async () => {
    await open()
    expect(row('rule.precision').exists()).toBe(false)
    await page.wrapper.find('.outline input').setValue(true)
    expect(row('rule.precision').exists()).toBe(true)
  })
  it('submits exactly its contents, next or behind the others', async () => {
    await open()
    await type('layer.hiddenUnits', '400')
    const expected = presetSpec('cifar10-paper')
    expected.layer.hiddenUnits = 400
    await press('Queue')
    await press('Start now')
    expect(lab.inputs('run.submit')).toEqual([
      { spec: expected, next: false },
      { spec: expected, next: true },
    ])
    expect(page.router.currentRoute.value.path).toBe('/runs/r-000000aa')
  })
  it('keeps the draft when the window is closed', async () => {
    await open()
    await type('layer.hiddenUnits', '400')
    page.wrapper.unmount()
    await open('/new/localLearning')
    expect(input('layer.hiddenUnits').element.value).toBe('400')
    expect(row('layer.hiddenUnits').classes()).toContain('changed')
  })
  it('puts changes aside when another start is chosen, and brings them back', async () => {
    await open()
    await type('layer.hiddenUnits', '400')
    await page.router.push('/new/localLearning?preset=mnist-paper')
    await flushPromises()
    expect(input('rule.rank').element.value).toBe('7')
    await press('Restore')
    expect(input('layer.hiddenUnits').element.value).toBe('400')
  })
  it('shows a refused start where it was pressed, with the way to the data', async () => {
    await open(undefined, {
      'run.submit': () => {
        throw new LabError('dataset.missing', 'CIFAR-10: not found')
      },
      'dataset.list': () => [datasetStatus('cifar10', { state: 'absent', verified: false })],
    })
    expect(row('dataset.kind').text()).toContain('CIFAR-10 is not installed.')
    await press('Start now')
    expect(page.wrapper.find('.refused').text()).toContain('dataset.missing')
    expect(page.wrapper.find('.refused a').attributes('href')).toBe('/data/cifar10')
  })
  it('starts from an earlier run', async () => {
    const spec = presetSpec('quick-look')
    spec.name = 'an earlier one'
    await open('/new/localLearning?from=r-00000001', { 'run.get': () => ({ record: runRecord(), spec }) })
    expect(input('name').element.value).toBe('an earlier one (2)')
    expect(page.wrapper.find('.head').text()).toContain('run a run')
  })
})

describe('a specification from a file', () => {
  const importText = async (text: string): Promise<void> => {
    const picker = page.wrapper.find<HTMLInputElement>('input[type="file"]')
    Object.defineProperty(picker.element, 'files', { value: [new File([text], 'mine.json')], configurable: true })
    await picker.trigger('change')
    await flushPromises()
    await flushPromises()
  }
  it('fills the form', async () => {
    await open()
    const spec = presetSpec('mnist-paper')
    spec.seed = 77
    await importText(JSON.stringify(spec))
    expect(input('seed').element.value).toBe('77')
    expect(page.wrapper.find('.head').text()).toContain('mine.json')
  })
  it.each([
    ['no JSON', '{', 'spec.invalid', 'mine.json is not JSON'],
    ['an unknown key', JSON.stringify({ ...presetSpec('mnist-paper'), speed: 3 }), 'spec.unknownKey', 'speed'],
    ['a newer version', JSON.stringify({ ...presetSpec('mnist-paper'), version: 2 }), 'spec.newerVersion', 'got 2'],
    ['a value out of range', JSON.stringify({ ...presetSpec('mnist-paper'), seed: -1 }), 'spec.invalid', 'seed'],
  ])('is refused for %s, and the form stays', async (_what, text, code, words) => {
    await open()
    await type('layer.hiddenUnits', '400')
    await importText(text)
    expect(page.wrapper.find('form .notice').text()).toContain(code)
    expect(page.wrapper.find('form .notice').text()).toContain(words)
    expect(input('layer.hiddenUnits').element.value).toBe('400')
  })
})
