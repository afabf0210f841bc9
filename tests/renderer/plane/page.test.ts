// @vitest-environment happy-dom
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import {
  DATASETS,
  LabError,
  type CommandInput,
  type DatasetSamples,
  type ModelEntry,
  type PlanePoint,
  type PlaneRequest,
  type PlaneResult,
} from '../../../contract/index.js'
import { chooseFigureResults, useFigureData } from '../../../renderer/pages/figures/useFigureData.js'
import PlanePage from '../../../renderer/pages/plane/PlanePage.vue'
import { halves, regionAgreementOf } from './halves.js'
import { fakeLab, type FakeLab } from '../fakeLab.js'
import { button, mountPage } from '../mountPage.js'

const facts = {
  type: 'SHLP',
  inputSize: 3072,
  hiddenUnits: 4,
  classes: 10,
  activationExponent: 1,
  batchNorm: false,
  batchesSeen: 0,
} as const
const entry = (name: string, label: string, changes: Partial<ModelEntry> = {}): ModelEntry => ({
  name,
  label,
  origin: 'imported',
  run: null,
  facts,
  note: null,
  source: `${name}.pty`,
  sha256: name,
  bytes: 1000,
  addedAt: '2026-11-25T13:00:00.000Z',
  ...changes,
})
/** Image i is of class i mod 10, its pixels set the p-norm apart by i. */
function samplesOf(indices: readonly number[]): DatasetSamples {
  return {
    shape: [32, 32, 3],
    indices: Int32Array.from(indices),
    labels: Uint8Array.from(indices, (image) => image % 10),
    classCounts: new Int32Array(10),
    total: 2000,
    pixels: Uint8Array.from(
      { length: 3072 * indices.length },
      (_, index) => 20 + ((index * 7 + (indices[Math.floor(index / 3072)] ?? 0) * (index % 13)) % 200),
    ),
  }
}
function resultOf(request: PlaneRequest, size = request.size): PlaneResult {
  const maps = request.models.map(({ model, label }) => ({
    ...halves(size, 1),
    model: { model, label, hash: model, imageNorm: 3 },
  }))
  const axis = ([from, to]: readonly [number, number]): Float64Array =>
    Float64Array.from({ length: size }, (_, index) => from + ((to - from) * index) / (size - 1))
  const images = request.plane.kind === 'images' ? request.plane.images : [request.plane.image]
  return {
    id: 'p-0123456789abcdef',
    request: { ...request, ticket: null },
    size,
    firstAxis: axis(request.first),
    secondAxis: axis(request.second),
    maps,
    agreement: regionAgreementOf(maps),
    origin: {
      version: 1,
      createdAt: '2026-11-25T13:00:00.000Z',
      seconds: 2,
      executor: 'wasm',
      versions: {},
      datasetHashes: {},
      dataset: request.dataset,
      split: request.split,
    },
    geometry: {
      shape: [32, 32, 3],
      classNames: DATASETS.syntheticScenes.classNames,
      origin: new Float32Array(3072).fill(0.07),
      u: new Float32Array(3072),
      v: new Float32Array(3072),
      pixelScale: 1500,
      anchors: images.map((image, index) => ({
        name: (['A', 'B', 'C'] as const)[index] ?? 'A',
        image,
        label: image % 10,
        position: (
          [
            [0, 0],
            [0.8, 0],
            [0.2, 0.7],
          ] as const
        )[index] ?? [0, 0],
        pixels: new Uint8Array(3072),
      })),
    },
  }
}
const pointOf = ({ position, models, pathPoints }: CommandInput<'plane.point'>): PlanePoint => ({
  position,
  distance: Math.hypot(...position),
  image: new Float32Array(3072),
  pixels: new Uint8Array(3072),
  models: models.map((model) => ({
    model: { ...model, hash: 'ab', imageNorm: 3 },
    class: 1,
    confidence: 0.875,
    jacobianNorm: 12.5,
    probabilities: Float32Array.of(0.125, 0.875),
    boundary: { distance: 0.0625, class: 0, position: [0, 0] },
    path: Float32Array.from({ length: 2 * pathPoints }, (_, index) => (index % 2 === 0 ? 0.25 : 0.75)),
  })),
})

let open: VueWrapper | null = null
beforeEach(() => window.localStorage.clear())
afterEach(() => {
  open?.unmount()
  open = null
})
const labWith = (answers: Parameters<typeof fakeLab>[0] = {}): FakeLab =>
  fakeLab({
    'model.list': () => [
      entry('bp1', 'BP'),
      entry('bp2', 'BP'),
      entry('kh', 'KH'),
      entry('layer', 'a layer', {
        facts: {
          type: 'FKHL3',
          inputSize: 3072,
          hiddenUnits: 4,
          activationExponent: 4.5,
          lebesgueNorm: 3,
          inverseLearningRate: 50,
          rank: 2,
          antiHebbianStrength: 0.4,
          radius: 1,
        },
      }),
    ],
    'plane.list': () => [],
    'dataset.images': ({ indices }) => samplesOf([...indices]),
    'dataset.samples': ({ offset, count, label }) =>
      samplesOf(Array.from({ length: count }, (_, index) => (label === null ? offset + index : 10 * index + label))),
    'plane.compute': (request) => resultOf(request),
    'plane.point': pointOf,
    ...answers,
  })
async function show(lab: FakeLab, address = '/plane'): Promise<VueWrapper> {
  const { wrapper } = await mountPage(PlanePage, lab, address)
  open = wrapper
  await flushPromises()
  return wrapper
}
const computeNow = async (page: VueWrapper): Promise<void> => {
  await page.find('[data-testid="compute"]').trigger('click')
  await flushPromises()
}
const scopes = (page: VueWrapper): string[] =>
  page.findAll('.scope').map((scope) => scope.attributes('aria-label') ?? '')

describe('the plane page', () => {
  it('without a classifier says where to get one; layers are none', async () => {
    const page = await show(
      labWith({
        'model.list': () => [
          entry('layer', 'a layer', {
            facts: {
              type: 'FKHL3',
              inputSize: 3072,
              hiddenUnits: 4,
              activationExponent: 4.5,
              lebesgueNorm: 3,
              inverseLearningRate: 50,
              rank: 2,
              antiHebbianStrength: 0.4,
              radius: 1,
            },
          }),
        ],
      }),
    )
    expect(page.text()).toContain('Train one')
    expect(page.text()).not.toContain('a layer')
    expect(page.find('[data-testid="compute"]').attributes('disabled')).toBe('')
  })
  it('hands its plane to the studio by its id, from the button and from the menu of a scope', async () => {
    const page = await show(labWith())
    await computeNow(page)
    const chosen = () =>
      useFigureData(
        ref('4'),
        () => null,
        () => null,
        ref(false),
      ).source.value
    const wanted = {
      kind: 'results',
      names: [{ name: 'p-0123456789abcdef', label: null }],
      windows: null,
      withPublished: false,
    }
    await button(page, 'Make figure').trigger('click')
    expect(chosen()).toEqual(wanted)
    chooseFigureResults('4', null)
    await page.find('.scope').trigger('keydown', { key: '.' })
    await flushPromises()
    const items = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')]
    expect(items.map((item) => item.textContent?.trim())).toEqual([
      'Copy as CSV',
      'Save as CSV',
      'Open as figure',
      'Show command',
    ])
    items[2]?.click()
    await flushPromises()
    expect(chosen()).toEqual(wanted)
    chooseFigureResults('4', null)
  })
  it('takes the newest classifier and computes the plane through three images, its window about their middle', async () => {
    const lab = labWith()
    const page = await show(lab)
    await computeNow(page)
    const [request] = lab.inputs('plane.compute')
    expect(request?.models).toEqual([{ model: 'bp1', label: 'BP' }])
    expect(request?.plane).toEqual({ kind: 'images', images: [0, 1, 2] })
    expect((request?.first[1] ?? 0) - (request?.first[0] ?? 0)).toBeCloseTo(6.4, 1)
    // The images of a triangle whose A lies at the origin have their middle elsewhere.
    expect(request?.first[0]).toBeGreaterThan(-3.2)
    expect(scopes(page)[0]).toContain('Class regions of BP')
    expect(scopes(page)[1]).toContain('Jacobian norm of BP')
    expect(page.findAll('.scope .disc').map((disc) => disc.text())).toEqual(['A', 'B', 'C', 'A', 'B', 'C'])
    const command = page.find('[data-testid="command"]').text()
    expect(command).toContain('lab plane --model BP=bp1 --dataset syntheticScenes --through 0,1,2 --first=')
  })
  it('shows coarse maps of its own ticket, the count, and stops when cancelled', async () => {
    let signal: PlaneRequest | null = null
    const lab = labWith({
      'plane.compute': (request) => {
        signal = request
        return new Promise(() => undefined)
      },
    })
    const page = await show(lab)
    await computeNow(page)
    const asked = signal as PlaneRequest | null
    if (asked === null || asked.ticket === null) throw new Error('nothing was asked')
    lab.emit('plane.coarse', { ticket: 'another window', result: resultOf(asked, 25) })
    await flushPromises()
    expect(scopes(page)).toEqual([])
    lab.emit('plane.coarse', { ticket: asked.ticket, result: resultOf(asked, 25) })
    lab.emit('lab.progress', {
      topic: 'plane.compute',
      subject: 'p-1',
      done: 10_000,
      total: 40_000,
      unit: 'points',
      text: '',
    })
    await flushPromises()
    expect(scopes(page)).toHaveLength(2)
    expect(page.text()).toContain('10\u202f000 of 40\u202f000 points')
    await page.find('[data-testid="cancel"]').trigger('click')
    expect(page.text()).toContain('coarse, 25 of 200 points a side')
    expect(page.find('[data-testid="compute"]').classes()).toContain('primary')
  })
  it('the whole plane comes back after a part of it was computed', async () => {
    const results = new Map<string, PlaneResult>()
    const lab = labWith({
      'plane.compute': (request) => {
        const result = { ...resultOf(request), id: `p-${String(results.size).padStart(16, '0')}` }
        results.set(result.id, result)
        return result
      },
      'plane.get': ({ id }) => results.get(id)!,
    })
    const page = await show(lab)
    await computeNow(page)
    const [whole] = lab.inputs('plane.compute')
    const scope = page.find('.scope')
    await scope.trigger('keydown', { key: '+' })
    await flushPromises()
    await button(page, 'Compute this view').trigger('click')
    await flushPromises()
    const part = lab.inputs('plane.compute')[1]
    expect((part?.first[1] ?? 0) - (part?.first[0] ?? 0)).toBeLessThan((whole?.first[1] ?? 0) - (whole?.first[0] ?? 0))
    await button(page, 'Whole plane').trigger('click')
    await flushPromises()
    expect(lab.inputs('plane.get')).toEqual([{ id: 'p-0000000000000000' }])
    expect(lab.inputs('plane.compute')).toHaveLength(2)
    expect(page.text()).not.toContain('Whole plane')
  })
  it('a refusal stays in its pane, and the plane before it too', async () => {
    let refuse = false
    const lab = labWith({
      'plane.compute': (request) => {
        if (refuse) throw new LabError('probe.anchors', 'the two directions lie on one line')
        return resultOf(request)
      },
    })
    const page = await show(lab)
    await computeNow(page)
    refuse = true
    await button(page, 'Random').trigger('click')
    await flushPromises()
    expect(page.find('[role="alert"]').text()).toContain('lie on one line')
    expect(page.findAll('.scope.stale')).toHaveLength(2)
  })
  it('a stored plane is opened with its choices; the address may name it', async () => {
    const stored = resultOf({
      models: [{ model: 'kh', label: 'KH' }],
      dataset: { kind: 'syntheticScenes', imageLimit: null, dataSeed: 4 },
      split: 'train',
      imageNorm: null,
      executor: 'auto',
      plane: { kind: 'random', image: 7, seed: 3 },
      first: [-20, 20],
      second: [-20, 20],
      size: 21,
      jacobian: 'faithful',
      ticket: null,
    })
    const lab = labWith({ 'plane.get': () => stored, 'plane.list': () => [stored] })
    const page = await show(lab, '/plane?id=p-0123456789abcdef')
    expect(lab.inputs('plane.get')).toEqual([{ id: 'p-0123456789abcdef' }])
    expect(page.text()).toContain('training image 7, random directions, seed 3')
    expect(page.find('[data-testid="command"]').text()).toBe(
      'lab plane --model KH=kh --dataset syntheticScenes --data-seed 4 --generator 1 --split train --image 7 --seed 3 --extent 20 --size 21 --faithful',
    )
    expect(page.find('[data-testid="compute"]').classes()).not.toContain('primary')
  })
  it('a held point is measured by the lab for the chosen model, and the arrow keys move it', async () => {
    const lab = labWith()
    const page = await show(lab)
    await computeNow(page)
    await page.find('.scope').trigger('keydown', { key: 'ArrowRight', shiftKey: true })
    await flushPromises()
    const [asked] = lab.inputs('plane.point')
    // A tenth of the view to the right of the anchors' middle.
    expect(asked?.position[0]).toBeCloseTo(1 / 3 + 0.64, 2)
    expect(asked?.models).toEqual([{ model: 'bp1', label: 'BP' }])
    const text = page.text()
    for (const words of ['measured exactly', '0.875', '12.50', '0.0625']) expect(text).toContain(words)
    expect(page.find('[aria-label^="Softmax from A to the point"]').exists()).toBe(true)
    await button(page, 'Release').trigger('click')
    expect(page.text()).not.toContain('measured exactly')
  })
  it('an anchor is replaced by an image of the tray, and the plane computed again about its own middle, though its image comes late', async () => {
    const lab = labWith({
      'dataset.images': ({ indices }) => new Promise((answer) => setTimeout(() => answer(samplesOf([...indices])), 20)),
    })
    const page = await show(lab)
    const computed = (count: number): Promise<void> =>
      vi.waitFor(() => expect(lab.inputs('plane.compute')).toHaveLength(count))
    await computeNow(page)
    await computed(1)
    await flushPromises()
    await page.findAll('.scope .disc')[1]?.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(page.find('.tray').text()).toContain('for B')
    await page.find('.tray [data-image="31"]').trigger('click')
    await computed(2)
    const [before, after] = lab.inputs('plane.compute')
    expect(after?.plane).toEqual({ kind: 'images', images: [0, 31, 2] })
    expect(after?.first[0]).toBeGreaterThan(-3.2)
    expect(after?.first[0]).not.toBe(before?.first[0])
    expect(page.find('.tray').exists()).toBe(false)
  })
  it('a disc that is dragged onto an image takes it; dropped beside, nothing happens', async () => {
    const lab = labWith()
    const page = await show(lab)
    await computeNow(page)
    // happy-dom lays nothing out, so nothing lies under a point.
    const under = vi.fn((): Element[] => [])
    Object.assign(document, { elementsFromPoint: under })
    const drag = async (): Promise<void> => {
      await page.find('.scope .disc').trigger('pointerdown', { button: 0, clientX: 10, clientY: 10 })
      window.dispatchEvent(new MouseEvent('pointermove', { clientX: 200, clientY: 300 }))
      await flushPromises()
      window.dispatchEvent(new MouseEvent('pointermove', { clientX: 201, clientY: 300 }))
      await flushPromises()
    }
    await drag()
    expect(page.find('.ghost').text()).toBe('A')
    window.dispatchEvent(new MouseEvent('pointerup'))
    await flushPromises()
    expect([page.find('.ghost').exists(), lab.inputs('plane.compute').length]).toEqual([false, 1])
    await page.find('.scope .disc').trigger('pointerdown', { button: 0, clientX: 10, clientY: 10 })
    window.dispatchEvent(new MouseEvent('pointermove', { clientX: 200, clientY: 300 }))
    await flushPromises()
    under.mockReturnValue([page.find('.tray [data-image="12"] canvas').element])
    window.dispatchEvent(new MouseEvent('pointermove', { clientX: 201, clientY: 300 }))
    window.dispatchEvent(new MouseEvent('pointerup'))
    await flushPromises()
    expect(lab.inputs('plane.compute').at(-1)?.plane).toEqual({ kind: 'images', images: [12, 1, 2] })
  })
  it('models and seeds share the plane; agreement is shown beside each, and another one is chosen', async () => {
    const lab = labWith()
    const page = await show(lab)
    for (const box of page.findAll('.inspector .list input').slice(1)) await box.setValue(true)
    await computeNow(page)
    expect(lab.inputs('plane.compute')[0]?.models.map(({ label }) => label)).toEqual(['BP', 'BP', 'KH'])
    expect(page.text()).toContain('between models IoU 1.00')
    expect(page.text()).toContain('between seeds IoU 1.00')
    expect(
      page.findAll('table[aria-label="Agreement over seeds"] tbody tr').map((row) => row.text().replace(/\s+/g, ' ')),
    ).toEqual(['BP, 2 seeds1.001.00', 'BP and KH, 2 × 11.001.00'])
    const cards = page.findAll('[role="radio"]')
    expect(cards.map((card) => card.text().includes('chosen'))).toEqual([true, false, false])
    await cards[2]?.trigger('click')
    expect(scopes(page)[0]).toContain('Class regions of KH')
  })
  it('what is on screen can be computed finely, and the whole shown again', async () => {
    const lab = labWith()
    const page = await show(lab)
    await computeNow(page)
    expect(page.text()).not.toContain('Compute this view')
    await page.find('.scope').trigger('keydown', { key: '+' })
    await button(page, 'Compute this view').trigger('click')
    await flushPromises()
    const [whole, part] = lab.inputs('plane.compute')
    expect(
      ((part?.first[1] ?? 0) - (part?.first[0] ?? 0)) / ((whole?.first[1] ?? 0) - (whole?.first[0] ?? 0)),
    ).toBeCloseTo(0.8, 2)
    expect(part?.plane).toEqual(whole?.plane)
  })
  it('a number out of its range is marked and not taken', async () => {
    const lab = labWith()
    const page = await show(lab)
    const grid = page.find('input[aria-label="Points along each direction"]')
    await grid.setValue('1')
    await grid.trigger('change')
    expect(grid.attributes('aria-invalid')).toBe('true')
    await computeNow(page)
    expect(lab.inputs('plane.compute')[0]?.size).toBe(200)
    await grid.setValue('64')
    await grid.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(lab.inputs('plane.compute').at(-1)?.size).toBe(64)
  })
})
