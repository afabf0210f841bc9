// @vitest-environment happy-dom
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import {
  LabError,
  UPLOAD_PART_BYTES,
  type ModelEntry,
  type ModelFacts,
  type ModelView,
} from '../../../contract/index.js'
import ModelsPage from '../../../renderer/pages/models/ModelsPage.vue'
import { factRows, imageShapeOf } from '../../../renderer/pages/models/modelWords.js'
import { fakeLab, type FakeLab } from '../fakeLab.js'
import { button, mountPage } from '../mountPage.js'

const facts: ModelFacts = {
  type: 'SHLP',
  inputSize: 3072,
  hiddenUnits: 4,
  classes: 10,
  activationExponent: 1,
  batchNorm: true,
  batchesSeen: 50_000,
}
const entry = (changes: Partial<ModelEntry> = {}): ModelEntry => ({
  name: 'kh',
  label: 'kh',
  origin: 'imported',
  run: null,
  facts,
  note: null,
  source: 'kh.pty',
  sha256: 'ab',
  bytes: 24_600_000,
  addedAt: '2026-11-25T13:00:00.000Z',
  ...changes,
})
const ofRun = entry({
  name: 'r-00000001/pruned',
  label: 'a run, pruned',
  origin: 'run',
  run: 'r-00000001',
  source: null,
  facts: {
    type: 'FKHL3',
    inputSize: 10,
    hiddenUnits: 4,
    activationExponent: 4.5,
    lebesgueNorm: 3,
    inverseLearningRate: 50,
    rank: 2,
    antiHebbianStrength: 0.4,
    radius: 1,
  },
})
const viewOf = (model: ModelEntry): ModelView => ({
  entry: model,
  facts: model.facts ?? facts,
  tensors: [{ name: 'weights', shape: [4, model.facts?.inputSize ?? 0], smallest: -0.5, largest: 0.75, mean: 0.125 }],
  weights: new Float32Array(4 * (model.facts?.inputSize ?? 0)),
})

let open: VueWrapper | null = null
afterEach(() => {
  open?.unmount()
  open = null
})
const labWith = (answers: Parameters<typeof fakeLab>[0] = {}): FakeLab =>
  fakeLab({
    'model.list': () => [entry(), ofRun],
    'model.get': ({ model }) => viewOf(model === 'kh' ? entry() : ofRun),
    ...answers,
  })
async function show(lab: FakeLab, model = ''): Promise<Awaited<ReturnType<typeof mountPage>>> {
  const page = await mountPage(ModelsPage, lab, '/models', { model })
  open = page.wrapper
  await flushPromises()
  return page
}
const drop = async (page: VueWrapper, ...files: File[]): Promise<void> => {
  await page.find('.page').trigger('drop', { dataTransfer: { files } })
  await flushPromises()
  await flushPromises()
}

describe('models', () => {
  it('says what to do without any', async () => {
    const { wrapper } = await show(fakeLab({ 'model.list': () => [] }))
    expect(wrapper.text()).toContain('Import one, drop its file on this page')
  })
  it('opens the newest, with tensors and facts', async () => {
    const { router } = await show(labWith())
    expect(router.currentRoute.value.path).toBe('/models/kh')
    open?.unmount()
    const { wrapper } = await show(labWith(), 'kh')
    expect(wrapper.findAll('nav a').map((link) => link.attributes('href'))).toEqual([
      '/models/kh',
      '/models/r-00000001%2Fpruned',
    ])
    const text = wrapper.text()
    for (const words of ['perceptron', '4 × 3072', '0.75', 'Batches used for its statistics', 'kh.pty', 'Remove'])
      expect(text).toContain(words)
  })
  it("a run's layer goes with its run, has no classes, and inputs that are no image are not drawn", async () => {
    const { wrapper } = await show(labWith(), 'r-00000001/pruned')
    expect(wrapper.text()).toContain('A layer has no classes')
    expect(wrapper.text()).toContain('10 inputs do not match a known image shape')
    expect(wrapper.text()).not.toContain('Remove')
  })
  it('a damaged one says why and can be removed', async () => {
    const lab = labWith({
      'model.list': () => [entry({ facts: null, note: 'cut' })],
      'model.get': () => {
        throw new LabError('file.damaged', 'the file is cut')
      },
    })
    const { wrapper } = await show(lab, 'kh')
    expect(wrapper.find('[role="alert"]').text()).toContain('file is cut')
    expect([
      button(wrapper, 'Export').attributes('disabled'),
      button(wrapper, 'Remove').attributes('disabled'),
    ]).toEqual(['', undefined])
  })
  it('several dropped files are all imported, and a refused one is named', async () => {
    const asked: string[] = []
    const lab = labWith({
      'model.import': ({ source }) => {
        const fileName = 'fileName' in source ? source.fileName : ''
        asked.push(fileName)
        if (fileName === 'c.pty') throw new LabError('model.foreign', 'expected a file of torch.save')
        return entry({ name: fileName.replace('.pty', '') })
      },
    })
    const { wrapper } = await show(lab, 'kh')
    await drop(
      wrapper,
      new File([Uint8Array.of(1)], 'a.pty'),
      new File([Uint8Array.of(2)], 'b.pty'),
      new File([Uint8Array.of(3)], 'c.pty'),
    )
    expect(asked).toEqual(['a.pty', 'b.pty', 'c.pty'])
    expect(wrapper.find('[role="alert"]').text()).toContain('c.pty: expected a file of torch.save')
  })
  it('a dropped file is imported by its bytes; a name that is taken asks for another', async () => {
    const asked: unknown[] = []
    const lab = labWith({
      'model.import': ({ source, name }) => {
        asked.push([source, name])
        if (name === null) throw new LabError('model.exists', 'kh is there already')
        return entry({ name })
      },
    })
    const { wrapper, router } = await show(lab, 'kh')
    await drop(wrapper, new File([Uint8Array.of(1, 2, 3)], 'kh.pty'))
    expect(wrapper.text()).toContain('kh is there already')
    await wrapper.find('input[aria-label="Name of the model"]').setValue('kh again')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    const source = { fileName: 'kh.pty', bytes: Uint8Array.of(1, 2, 3) }
    expect(asked).toEqual([
      [source, null],
      [source, 'kh again'],
    ])
    expect(decodeURIComponent(router.currentRoute.value.path)).toBe('/models/kh again')
    expect(wrapper.find('[role="alert"]').exists()).toBe(false)
  })
  it('a refused file says why, and no name is asked for', async () => {
    const lab = labWith({
      'model.import': () => {
        throw new LabError('model.unsafePickle', 'the file asks for posix.system')
      },
    })
    const { wrapper } = await show(lab, 'kh')
    await drop(wrapper, new File([Uint8Array.of(1)], 'bad.pty'))
    expect(wrapper.find('[role="alert"]').text()).toMatch(/posix\.system.*tensors, numbers and strings only/s)
    expect(wrapper.find('form').exists()).toBe(false)
  })
  it('a file larger than the browser can send is refused before anything is sent', async () => {
    const lab = labWith()
    const { wrapper } = await show(lab, 'kh')
    const large = new File([], 'large.pty')
    Object.defineProperty(large, 'size', { value: 3e9 })
    await drop(wrapper, large)
    expect(wrapper.find('[role="alert"]').text()).toContain('expected a file of at most')
    expect(lab.inputs('model.upload')).toEqual([])
    expect(lab.inputs('model.import')).toEqual([])
  })
  it('a file too large for one message is sent in parts', async () => {
    const lab = labWith({
      'model.upload': ({ bytes }) => ({ upload: 'u-1', bytes: bytes.length }),
      'model.import': () => entry({ name: 'large' }),
    })
    const { wrapper } = await show(lab, 'kh')
    const parts: [number, number][] = []
    const large = Object.assign(new File([], 'large.pty'), {
      slice: (start: number, end: number) => {
        parts.push([start, end])
        return new Blob([Uint8Array.of(1)])
      },
    })
    Object.defineProperty(large, 'size', { value: 2.5 * UPLOAD_PART_BYTES })
    await drop(wrapper, large)
    expect(parts).toHaveLength(3)
    expect(lab.inputs('model.upload')).toMatchObject([{ upload: null }, { upload: 'u-1' }, { upload: 'u-1' }])
    expect(lab.inputs('model.import')).toMatchObject([{ source: { fileName: 'large.pty', upload: 'u-1' } }])
  })
  it('evaluates on a set whose images fit', async () => {
    const lab = labWith({
      'model.evaluate': () => ({
        images: 1000,
        correct: 481,
        accuracy: 0.481,
        predictions: new Int32Array(1000),
        logits: new Float32Array(0),
        classes: 10,
        lebesgueNorm: 3,
        executor: 'wasm',
      }),
    })
    const { wrapper } = await show(lab, 'kh')
    await button(wrapper, 'Evaluate').trigger('click')
    await flushPromises()
    expect(lab.inputs('model.evaluate')).toEqual([
      {
        model: 'kh',
        dataset: { kind: 'cifar10', imageLimit: null },
        split: 'test',
        images: 1000,
        lebesgueNorm: null,
        executor: 'auto',
        logits: 0,
      },
    ])
    expect(wrapper.find('[data-testid="evaluation"]').text()).toMatch(/48\.10\s%.*481 of 1/s)
  })
  it('is removed on the second press, and the list follows the lab', async () => {
    const lab = labWith({ 'model.remove': () => null })
    const { wrapper, router } = await show(lab, 'kh')
    await button(wrapper, 'Remove').trigger('click')
    expect(lab.inputs('model.remove')).toEqual([])
    await button(wrapper, 'Remove').trigger('click')
    await flushPromises()
    expect(lab.inputs('model.remove')).toEqual([{ model: 'kh' }])
    expect(router.currentRoute.value.path).toBe('/models')
    const before = lab.inputs('model.list').length
    lab.emit('model.changed', { name: 'kh' })
    await flushPromises()
    expect(lab.inputs('model.list').length).toBe(before + 1)
  })
})

describe('words of models', () => {
  it('inputs look like the images of a known set, or like a square', () => {
    expect([3072, 784, 27, 16, 10].map(imageShapeOf)).toEqual([[32, 32, 3], [28, 28, 1], [3, 3, 3], [4, 4, 1], null])
  })
  it('nothing is said of batches where there is no batch norm', () => {
    expect(factRows({ ...facts, batchNorm: false }).map(({ label }) => label)).not.toContain(
      'Batches used for its statistics',
    )
  })
})
