// @vitest-environment happy-dom
import { flushPromises, type DOMWrapper, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { LabError, type ModelEntry, type RobustnessCard, type SweepRecord } from '../../../contract/index.js'
import { useFigureData } from '../../../renderer/pages/figures/useFigureData.js'
import CardPage from '../../../renderer/pages/robustness/CardPage.vue'
import NewSweepPage from '../../../renderer/pages/robustness/NewSweepPage.vue'
import RobustnessPage from '../../../renderer/pages/robustness/RobustnessPage.vue'
import { fakeLab, type FakeLab } from '../fakeLab.js'
import { mountPage, type MountedPage } from '../mountPage.js'
import { drawnOptions } from '../stillCharts.js'
import { galleryOf, passOf, recordOf, resultOf, seriesOf, partialPassOf } from './sweeps.js'

vi.mock('../../../renderer/charts/engine.js', async () => (await import('../stillCharts.js')).stillEngine())

let page: MountedPage | null = null
let lab: FakeLab
beforeEach(() => window.localStorage.clear())
afterEach(() => {
  page?.wrapper.unmount()
  page = null
})
const settle = async (): Promise<void> => {
  await flushPromises()
  await new Promise((resolve) => setTimeout(resolve, 220))
  await flushPromises()
}
const answers = (records: SweepRecord[], labels: readonly string[] = ['KH', 'BP']): Parameters<typeof fakeLab>[0] => ({
  'robustness.list': () => records,
  'robustness.get': ({ id }) =>
    resultOf(labels, { record: records.find((record) => record.id === id) ?? recordOf(labels) }),
  'robustness.gallery': ({ models, images, epsilon }) => galleryOf(models, images, epsilon),
  'robustness.pause': ({ id }) => recordOf(labels, { id, state: 'paused' }),
  'robustness.resume': ({ id }) => recordOf(labels, { id, state: 'queued' }),
  'robustness.remove': () => null,
  'robustness.partialPass': () => null,
})
const show = async (
  component: Parameters<typeof mountPage>[0],
  properties: Record<string, unknown>,
  table: Parameters<typeof fakeLab>[0],
  address = '/robustness',
): Promise<MountedPage> => {
  lab = fakeLab(table)
  page = await mountPage(component, lab, address, properties)
  await settle()
  return page
}
const button = (words: string): DOMWrapper<Element> => {
  const found = page?.wrapper.findAll('button').find((candidate) => candidate.text().trim() === words)
  if (found === undefined)
    throw new Error(
      `no button ${words} among ${page?.wrapper
        .findAll('button')
        .map((each) => each.text())
        .join(' | ')}`,
    )
  return found
}
const marks = (): readonly Record<string, unknown>[] => drawnOptions.flatMap(({ series = [] }) => series)

describe('robustness', () => {
  it('says what a sweep is when there is none', async () => {
    const { wrapper } = await show(RobustnessPage, { id: '' }, answers([]))
    expect(wrapper.text()).toContain('A sweep attacks correctly classified images')
    expect(wrapper.findAll('a').map((link) => link.attributes('href'))).toContain('/robustness/new')
  })
  it('opens the newest, and names one that is not there', async () => {
    const { router } = await show(
      RobustnessPage,
      { id: '' },
      answers([recordOf(['KH', 'BP'], { id: 'a-00000009' }), recordOf(['KH', 'BP'])]),
    )
    expect(router.currentRoute.value.path).toBe('/robustness/a-00000009')
    page?.wrapper.unmount()
    expect((await show(RobustnessPage, { id: 'a-0' }, answers([recordOf(['KH'])]))).wrapper.text()).toContain(
      'Sweep a-0 does not exist',
    )
  })
  it('shows models, attack, failed checks and charts with what the paper has', async () => {
    const { wrapper } = await show(RobustnessPage, { id: 'a-00000001' }, answers([recordOf(['KH', 'BP'])]))
    const text = wrapper.text()
    for (const words of ['accuracy 0.500', '0.500', '4 images', '0.1 ε below 0.01', 'the clean image'])
      expect(text).toContain(words)
    const checks = wrapper.findAll('ul[aria-label="Gradient-masking checks"] li')
    expect(checks.map((row) => row.classes())).toEqual([['warn'], ['open']])
    expect(checks[0]?.text()).toContain('KH: 0 of 4 images')
    const lines = marks().filter(
      ({ type, lineStyle }) => type === 'line' && (lineStyle as { width?: number }).width === 1.6,
    )
    expect(lines.map(({ data }) => data)).toEqual([
      [
        [0.001, 0.75],
        [0.01, 0.5],
        [0.1, 0.5],
      ],
      [
        [0.001, 0.75],
        [0.01, 0.5],
        [0.1, 0.5],
      ],
    ])
    const published = marks().filter(({ symbol }) => String(symbol).startsWith('path:'))
    expect(published.map(({ data }) => data)).toEqual([[[2.1e-3, 0.5]], [[6.9e-4, 0.5]]])
    await button('Table').trigger('click')
    expect(wrapper.find('.paper').text()).toContain('published')
    expect(wrapper.text()).toContain('(published 0.0580 to 0.207), 1 never fooled')
  })
  it('switches between both meanings and both shares', async () => {
    await show(RobustnessPage, { id: 'a-00000001' }, answers([recordOf(['KH', 'BP'])]))
    await button('Fooled by ε or less').trigger('click')
    await button('Absolute').trigger('click')
    await settle()
    const [line] = marks().filter(
      ({ type, lineStyle }) => type === 'line' && (lineStyle as { width?: number }).width === 1.6,
    )
    expect(line?.['data']).toEqual([
      [0.001, 0.375],
      [0.01, 0.25],
      [0.1, 0.125],
    ])
  })
  it('leaves a model out of the charts', async () => {
    const { wrapper } = await show(RobustnessPage, { id: 'a-00000001' }, answers([recordOf(['KH', 'BP'])]))
    await wrapper.find('input[aria-label="Show BP"]').setValue(false)
    await settle()
    expect(wrapper.text()).toContain('1 of 2 shown')
    expect(
      marks().filter(({ type, lineStyle }) => type === 'line' && (lineStyle as { width?: number }).width === 1.6),
    ).toHaveLength(1)
  })
  it('asks for the gallery at the size of the slider, each once, and at critical sizes', async () => {
    const { wrapper } = await show(RobustnessPage, { id: 'a-00000001' }, answers([recordOf(['KH', 'BP'])]))
    expect(lab.inputs('robustness.gallery')).toEqual([
      { id: 'a-00000001', models: ['KH', 'BP'], images: [3, 2, 7, 5], epsilon: 0.01 },
    ])
    expect(wrapper.findAll('.flip').length).toBeGreaterThan(0)
    expect(wrapper.text()).toContain('blue −0.010, red +0.010')
    await wrapper.find('input[type=range]').setValue('2')
    await settle()
    expect(lab.inputs('robustness.gallery').at(-1)?.epsilon).toBe(0.1)
    await button('Critical ε').trigger('click')
    await settle()
    expect(lab.inputs('robustness.gallery').at(-1)?.epsilon).toBeNull()
    await wrapper.find('input[aria-label="Perturbation size ε as a number"]').setValue('0.0012')
    await wrapper.find('input[aria-label="Perturbation size ε as a number"]').trigger('change')
    expect((wrapper.find('input[type=range]').element as HTMLInputElement).value).toBe('0')
  })
  it('looks at one image: classes, probabilities, where each model is fooled', async () => {
    const { wrapper } = await show(RobustnessPage, { id: 'a-00000001' }, answers([recordOf(['KH', 'BP'])]))
    const pane = wrapper.find('section[aria-label="Image 3"]')
    expect(pane.text()).toContain('automobile')
    expect(pane.findAll('.chances tbody tr').map((row) => row.text().replace(/\s+/g, ' '))).toEqual([
      'automobile0.800.30',
      'airplane0.200.70',
    ])
    await wrapper.findAll('.cell')[5]?.trigger('click')
    expect(wrapper.find('section[aria-label="Image 2"]').exists()).toBe(true)
  })
  it('a gallery that cannot be made says so in its pane; the rest stays', async () => {
    const { wrapper } = await show(
      RobustnessPage,
      { id: 'a-00000001' },
      {
        ...answers([recordOf(['KH', 'BP'])]),
        'robustness.gallery': () => {
          throw new LabError('probe.changed', 'r-KH is not the model that was attacked')
        },
      },
    )
    expect(wrapper.find('section[aria-label="Gallery"] [role="alert"]').text()).toContain(
      'R-KH is not the model'.slice(1),
    )
    expect(wrapper.text()).toContain('accuracy 0.500')
  })
  it('shows the pass in progress as a dotted curve that grows, until it is finished', async () => {
    const running = recordOf(['KH', 'BP'], { state: 'running', done: 1400, total: 2000 })
    let sizes = 1
    let finished = false
    const { wrapper } = await show(
      RobustnessPage,
      { id: running.id },
      {
        ...answers([running]),
        'robustness.partialPass': () => partialPassOf('BP', sizes),
        'robustness.get': () => resultOf(finished ? ['KH', 'BP'] : ['KH'], { record: running }),
      },
    )
    const dotted = (): unknown[] =>
      marks()
        .filter(
          ({ type, lineStyle }) =>
            type === 'line' && JSON.stringify((lineStyle as { type?: unknown }).type) === '[1,2]',
        )
        .map(({ data }) => data)
    expect(dotted()).toEqual([[[0.001, 0.75]]])
    expect(wrapper.text()).toContain('BP, in progress')
    expect(wrapper.text()).toContain('dotted: not finished')
    expect(wrapper.text()).toContain('4 of 8 images')
    expect(wrapper.text()).toContain('accuracy 0.500, in progress')
    sizes = 2
    lab.emit('robustness.changed', { record: { ...running, done: 1700 } })
    await new Promise((resolve) => setTimeout(resolve, 2100))
    await settle()
    expect(dotted()).toEqual([
      [
        [0.001, 0.75],
        [0.01, 0.5],
      ],
    ])
    finished = true
    lab.emit('robustness.changed', { record: { ...running, done: 2000, state: 'finished' } })
    await settle()
    expect(dotted()).toEqual([])
    expect(wrapper.text()).not.toContain('in progress')
  })
  it('follows a sweep, pauses, resumes and removes it; a finished pass is read', async () => {
    const running = recordOf(['KH', 'BP'], {
      state: 'running',
      done: 400,
      total: 2000,
      text: 'KH, seed 0, size 0.01',
      secondsLeft: 90,
    })
    let passes = 0
    const { wrapper, router } = await show(
      RobustnessPage,
      { id: running.id },
      {
        ...answers([running]),
        'robustness.get': () =>
          resultOf(['KH', 'BP'], {
            record: running,
            passes: passes === 0 ? [] : [passOf('KH')],
            series: passes === 0 ? [] : [seriesOf('KH')],
            checks: [],
          }),
      },
    )
    expect(wrapper.find('.head').text()).toContain('20\u00a0%, KH, seed 0, size 0.01, about 2\u00a0min left')
    expect(wrapper.text()).toContain('The curves appear while the images are attacked.')
    passes = 1
    lab.emit('robustness.changed', { record: { ...running, done: 1100, text: 'BP' } })
    await settle()
    expect(lab.inputs('robustness.get')).toHaveLength(2)
    expect(wrapper.text()).toContain('not attacked yet')
    expect(wrapper.text()).toContain('accuracy 0.500')
    await button('Pause').trigger('click')
    expect(lab.inputs('robustness.pause')).toEqual([{ id: running.id }])
    lab.emit('robustness.changed', { record: { ...running, state: 'interrupted' } })
    await settle()
    await button('Resume').trigger('click')
    expect(lab.inputs('robustness.resume')).toEqual([{ id: running.id }])
    const remove = wrapper.findAll('button').find((each) => each.text().includes('Remove'))
    await remove?.trigger('click')
    await remove?.trigger('click')
    await settle()
    expect(lab.inputs('robustness.remove')).toEqual([{ id: running.id }])
    lab.emit('robustness.removed', { id: running.id })
    await settle()
    expect(router.currentRoute.value.path).toBe('/robustness')
  })
  it('makes Figure 1 of its own sweep and of those of the other attacks', async () => {
    const pgd = recordOf(['KH', 'BP'])
    const fgsm = recordOf(['KH', 'BP'], {
      id: 'a-00000002',
      request: { ...pgd.request, attack: { kind: 'fgsm', norm: 'linf', target: null } },
    })
    const random = recordOf(['KH', 'BP'], { id: 'a-00000003', request: { ...pgd.request, attack: { kind: 'random' } } })
    const { router } = await show(RobustnessPage, { id: pgd.id }, answers([pgd, fgsm, random]))
    await button('Make figure').trigger('click')
    await settle()
    expect(router.currentRoute.value.fullPath).toBe('/figures?figure=1')
    expect(
      useFigureData(
        ref('1'),
        () => null,
        () => null,
        ref(false),
      ).source.value,
    ).toEqual({
      kind: 'results',
      names: [random, fgsm, pgd].map(({ id }) => ({ name: id, label: null })),
      windows: null,
      withPublished: false,
      colours: 'paper',
    })
  })
  it('says which attacks Figure 1 still lacks', async () => {
    const pgd = recordOf(['KH', 'BP'])
    await show(RobustnessPage, { id: pgd.id }, answers([pgd]))
    expect(button('Make figure').attributes('disabled')).toBe('')
    expect(button('Make figure').attributes('title')).toContain('Missing: Random, FGSM')
  })
  it('a sweep of critical values alone has no curve at exactly each size', async () => {
    const record = recordOf(['KH'], {})
    const only: SweepRecord = { ...record, request: { ...record.request, criticalOnly: true } }
    await show(RobustnessPage, { id: record.id }, answers([only], ['KH']))
    expect(button('At exactly ε').attributes('disabled')).toBe('')
    const [line] = marks().filter(
      ({ type, lineStyle }) => type === 'line' && (lineStyle as { width?: number }).width === 1.6,
    )
    expect(line?.['data']).toEqual([
      [0.001, 0.75],
      [0.01, 0.5],
      [0.1, 0.25],
    ])
  })
})

const entry = (name: string, changes: Partial<ModelEntry> = {}): ModelEntry => ({
  name,
  label: name,
  origin: 'imported',
  run: null,
  facts: {
    type: 'SHLP',
    inputSize: 3072,
    hiddenUnits: 4,
    classes: 10,
    activationExponent: 1,
    batchNorm: true,
    batchesSeen: 1,
  },
  note: null,
  source: null,
  sha256: null,
  bytes: 1,
  addedAt: '2026-11-25T13:00:00.000Z',
  ...changes,
})
const layer = entry('layer', {
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
})
const MODELS = { 'model.list': () => [entry('KH'), entry('BP'), layer] }
const field = (path: string): DOMWrapper<Element> => {
  const found = page?.wrapper.find(`[data-path="${path}"] input`)
  if (found === undefined || !found.exists()) throw new Error(`no field ${path}`)
  return found
}

const boxOf = (page: VueWrapper, label: string): VueWrapper | undefined =>
  page.findAllComponents({ name: 'SelectBox' }).find((each) => each.props('label') === label) as VueWrapper | undefined

/** Chooses in the select box of that label. */
const choose = async (page: VueWrapper, label: string, value: string): Promise<void> => {
  const box = boxOf(page, label)
  if (box === undefined) throw new Error(`no choice ${label}`)
  box.vm.$emit('update:modelValue', value)
  await flushPromises()
}

describe('a new sweep', () => {
  it('takes norm and target as words, or as numbers', async () => {
    const { wrapper } = await show(NewSweepPage, {}, MODELS)
    const labels = (label: string): string[] =>
      ((boxOf(wrapper, label)?.props() as { options?: { label: string }[] } | undefined)?.options ?? []).map(
        (option) => option.label,
      )
    expect(labels('Norm')).toEqual(['L∞ (largest change)', 'Number…'])
    expect(labels('Target')).toEqual(['untargeted', 'next class', 'least likely class', 'Number…'])
    await wrapper.find('section[aria-label="Models"] li input').setValue(true)
    await choose(wrapper, 'Target', 'leastLikely')
    expect(wrapper.find('pre').text()).toContain('--target leastLikely')
    await choose(wrapper, 'Target', '(none)')
    expect(wrapper.find('pre').text()).not.toContain('--target')
  })

  it('starts what the form and the command line say', async () => {
    const { wrapper, router } = await show(
      NewSweepPage,
      {},
      { ...MODELS, 'robustness.run': (request) => recordOf(['KH'], { request }) },
    )
    const [first, second, third] = wrapper.findAll('section[aria-label="Models"] li input[type=checkbox]')
    expect(third?.attributes('disabled')).toBe('')
    await first?.setValue(true)
    await second?.setValue(true)
    await wrapper.find('input[aria-label="Label of BP"]').setValue('L2')
    await field('grid.count').setValue('50')
    await choose(wrapper, 'Norm', '(number)')
    await field('attack.norm').setValue('2')
    await field('images').setValue('')
    expect(wrapper.find('pre').text().split(' \\\n  ')).toEqual([
      'lab robustness',
      '--model KH=KH',
      '--model L2=BP',
      '--attack pgd',
      '--norm l2',
      '--grid 0.000001:0.0316:50',
    ])
    await button('Start sweep').trigger('click')
    await settle()
    const [request] = lab.inputs('robustness.run')
    expect(request).toMatchObject({
      models: [
        { model: 'KH', label: 'KH' },
        { model: 'BP', label: 'L2' },
      ],
      images: null,
      attack: { kind: 'pgd', norm: 2 },
      grid: { count: 50 },
      seeds: [0],
    })
    expect(router.currentRoute.value.path).toBe('/robustness/a-00000001')
  })
  it('names what is wrong and starts nothing', async () => {
    const { wrapper } = await show(NewSweepPage, {}, MODELS)
    await field('grid.from').setValue('1')
    await choose(wrapper, 'Norm', '(number)')
    await field('attack.norm').setValue('max')
    await field('seeds').setValue('1, 2')
    await button('Start sweep').trigger('click')
    await settle()
    const text = wrapper.text()
    for (const words of ['Select at least one model.', '“max” is not allowed. Use linf or 1 to 64.'])
      expect(text).toContain(words)
    await choose(wrapper, 'Norm', 'linf')
    await wrapper.find('section[aria-label="Models"] li input').setValue(true)
    await settle()
    expect(wrapper.text()).toContain('expected increasing ε values, got 1 to 0.0316')
    expect(wrapper.text()).toContain('This attack is deterministic. Use one seed.')
    expect(lab.inputs('robustness.run')).toEqual([])
  })
  it('warns of steps that cannot reach the largest size', async () => {
    const { wrapper } = await show(NewSweepPage, {}, MODELS)
    await wrapper.find('section[aria-label="Models"] li input').setValue(true)
    await field('grid.to').setValue('0.5')
    expect(wrapper.find('[data-path="attack.stepSize"]').text()).toContain(
      'At perturbation sizes ε above 0.2, 20 steps of 0.01 are shorter than the radius of the ε-ball.',
    )
  })
  it('starts from an earlier sweep', async () => {
    const { wrapper } = await show(
      NewSweepPage,
      {},
      { ...MODELS, 'robustness.list': () => [recordOf(['KH', 'BP'])] },
      '/robustness/new?from=a-00000001',
    )
    expect((field('grid.count').element as HTMLInputElement).value).toBe('3')
    expect(wrapper.text()).toContain('2 selected')
  })
  it('is filled in with the attack that a masking check lacks', async () => {
    const { wrapper } = await show(
      NewSweepPage,
      {},
      { ...MODELS, 'robustness.list': () => [recordOf(['KH', 'BP'])] },
      '/robustness/new?from=a-00000001&attack=fgsm',
    )
    expect(wrapper.find('pre').text()).toContain('--attack fgsm')
    expect(wrapper.text()).toContain('2 selected')
  })
  it('says what a lab refuses', async () => {
    const { wrapper } = await show(
      NewSweepPage,
      {},
      {
        ...MODELS,
        'robustness.run': () => {
          throw new LabError('dataset.missing', 'CIFAR-10: not found')
        },
      },
    )
    await wrapper.find('section[aria-label="Models"] li input').setValue(true)
    await button('Start sweep').trigger('click')
    await settle()
    expect(wrapper.find('[role="alert"]').text()).toContain('CIFAR-10: not found')
  })
})

describe('the card of a model', () => {
  const record = recordOf(['KH'])
  const card: RobustnessCard = {
    model: { model: 'r-KH', label: 'r-KH', hash: 'h', imageNorm: 3 },
    dataset: record.dataset,
    split: 'test',
    images: 200,
    cleanAccuracy: 0.472,
    attacks: [{ id: record.id, attack: record.request.attack, warnings: [], series: seriesOf('KH') }],
    checks: [
      {
        check: 'fgsmBeatsPgd',
        label: 'PGD is never weaker than FGSM',
        passed: false,
        text: 'Up to 5.0 % more images resist.',
      },
    ],
    warnings: ['Not so.'],
  }
  it('shows accuracy, sweeps and warnings, of the images of the sweep it came from', async () => {
    const { wrapper } = await show(
      CardPage,
      { model: 'r-KH' },
      { 'robustness.list': () => [record], 'robustness.card': () => card },
      `/robustness/card/r-KH?sweep=${record.id}`,
    )
    const text = wrapper.text()
    for (const words of [
      'KH',
      '47.20\u00a0%',
      'only apparent',
      'Up to 5.0 % more images resist.',
      'a-00000001',
      '0.275 to 2.75',
    ])
      expect(text).toContain(words)
    expect(lab.inputs('robustness.card')).toEqual([
      {
        model: 'r-KH',
        dataset: record.dataset,
        split: 'test',
        imageNorm: null,
        executor: 'auto',
        images: 200,
        seed: 0,
      },
    ])
    expect(button('Export JSON').attributes('disabled')).toBeUndefined()
  })
  it('says why there is none', async () => {
    const { wrapper } = await show(
      CardPage,
      { model: 'gone' },
      {
        'robustness.list': () => [],
        'robustness.card': () => {
          throw new LabError('model.missing', 'there is no model gone')
        },
      },
      '/robustness/card/gone',
    )
    expect(wrapper.find('[role="alert"]').text()).toContain('here is no model gone')
  })
})
