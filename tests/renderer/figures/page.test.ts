// @vitest-environment happy-dom
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { figureFileText, LabError, type FigureContent, type SweepRecord } from '../../../contract/index.js'
import FiguresPage from '../../../renderer/pages/figures/FiguresPage.vue'
import { chooseFigureResults } from '../../../renderer/pages/figures/useFigureData.js'
import { fakeLab, runRecord, type FakeLab } from '../fakeLab.js'
import { mountPage } from '../mountPage.js'
import { recordOf } from '../robustness/sweeps.js'

let open: VueWrapper | null = null
afterEach(() => {
  open?.unmount()
  open = null
  chooseFigureResults('A2', null)
})
const RUN = runRecord({ id: 'r-00000001', name: 'a layer', state: 'finished', checkpoints: [2] })
const A2: FigureContent = {
  figure: 'A2',
  data: {
    models: [
      { model: { label: 'KH', colour: null }, testAccuracy: 0.47, medianCriticalNorm: { random: 3, pgd: null } },
    ],
  },
}
const lab = (sweeps: readonly SweepRecord[] = []): FakeLab =>
  fakeLab({
    'run.list': () => [RUN],
    'robustness.list': () => [...sweeps],
    'spectrum.list': () => [],
    'plane.list': () => [],
    'model.list': () => [],
    'figure.render': () => ({
      svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
      widthMm: 139.7,
      heightMm: 38.1,
      findings: [{ level: 'pass', text: 'Width matches the style sheet', detail: '', value: '139.7 mm' }],
    }),
    'figure.export': ({ formats }) =>
      formats.map((format) => ({
        format,
        fileName: `FigureA2-AccVsRobustness.${format}`,
        path: `/archive/figures/FigureA2-AccVsRobustness.${format}`,
        bytes: 10,
        findings: [],
      })),
  })
const show = async (link: FakeLab): Promise<VueWrapper> => {
  open = (await mountPage(FiguresPage, link, '/figures/r-00000001', { run: 'r-00000001' })).wrapper
  await flushPromises()
  return open
}
const figures = (page: VueWrapper) => page.find('[aria-label="Figures"]').findAll('li')
const choose = async (page: VueWrapper, text: string, name = 'numbers.json'): Promise<void> => {
  const input = page.find<HTMLInputElement>('input[type="file"]')
  Object.defineProperty(input.element, 'files', { configurable: true, value: [new File([text], name)] })
  await input.trigger('change')
  for (let turn = 0; turn < 5; turn++) await flushPromises()
}

describe('the figure studio', () => {
  it('lists every figure with what it is drawn from, and draws A1 of the run', async () => {
    const link = lab()
    const page = await show(link)
    expect(figures(page).map((item) => item.text())).toEqual([
      'Figure 1, robustnessno data yet',
      'Figure 2, spectra of the KH layerno data yet',
      'Figure 3, spectra of the modelsno data yet',
      'Figure 4, decision planesno data yet',
      'Figure A1, receptive fields and spectraa layer, r-00000001',
      'Figure A2, accuracy and robustnessno data yet',
    ])
    expect(link.inputs('figure.render')).toEqual([
      { figure: 'A1', source: { kind: 'run', run: 'r-00000001' }, style: 'IJoCV' },
    ])
    expect(page.find('[data-testid="figure"]').exists()).toBe(true)
  })
  it('takes the published sheet of the chosen figure, and asks for data where there are none', async () => {
    const link = lab()
    const page = await show(link)
    await figures(page)[2]!.trigger('click')
    await flushPromises()
    expect(page.find('h1').text()).toBe('Figure 3, spectra of the models')
    expect(page.text()).toContain('this figure shows several models')
    expect(page.find('[aria-label="Style sheets"] [aria-selected="true"]').text()).toContain('ICLR')
    expect(link.inputs('figure.render')).toHaveLength(1)
  })
  it('draws and exports from a file of data, shows the command, and closes it', async () => {
    const link = lab()
    const page = await show(link)
    await choose(page, figureFileText(A2))
    expect(page.find('h1').text()).toBe('Figure A2, accuracy and robustness')
    expect(link.inputs('figure.render').at(-1)).toEqual({
      figure: 'A2',
      source: { kind: 'data', name: 'numbers.json', content: A2 },
      style: 'IJoCV',
    })
    await page.find('.published input').setValue(true)
    await flushPromises()
    expect(link.inputs('figure.render').at(-1)).toMatchObject({
      source: { content: { data: { withPublished: true } } },
    })
    await page.find('.published input').setValue(false)
    await page
      .findAll('button')
      .find((button) => button.text() === 'Export 2 files')!
      .trigger('click')
    await flushPromises()
    expect(link.inputs('figure.export')[0]).toMatchObject({
      figure: 'A2',
      source: { kind: 'data' },
      formats: ['eps', 'png'],
      folder: null,
    })
    expect(page.find('[aria-label="Written files"]').text()).toContain('FigureA2-AccVsRobustness.eps')
    await page
      .findAll('button')
      .find((button) => button.text() === 'Close numbers.json')!
      .trigger('click')
    await flushPromises()
    expect(page.find('[data-testid="figure"]').exists()).toBe(false)
  })
  it('draws from the newest results that fit, from others that are chosen, and goes back; its command names them', async () => {
    const sweep = (id: string, kind: 'random' | 'fgsm', labels: readonly string[]): SweepRecord =>
      recordOf(labels, {
        id,
        request: {
          ...recordOf(labels).request,
          name: kind,
          attack: kind === 'random' ? { kind } : { kind, norm: 'linf', target: null },
        },
      })
    const pgd = recordOf(['KH', 'BP'], { id: 'a-00000001' })
    const link = lab([
      sweep('a-00000004', 'fgsm', ['KH', 'BP']),
      sweep('a-00000003', 'random', ['KH']),
      sweep('a-00000002', 'random', ['KH', 'BP']),
      pgd,
    ])
    const page = await show(link)
    expect(figures(page)[5]!.text()).toBe('Figure A2, accuracy and robustness2 sweeps, newest')
    await figures(page)[5]!.trigger('click')
    await flushPromises()
    const source = (...names: string[]) => ({
      kind: 'results',
      names: names.map((name) => ({ name, label: null })),
      windows: null,
      withPublished: false,
      colours: 'workbench',
    })
    expect(link.inputs('figure.render').at(-1)).toEqual({
      figure: 'A2',
      source: source('a-00000002', 'a-00000001'),
      style: 'IJoCV',
    })
    const boxes = () => page.findAll<HTMLInputElement>('[aria-label="Results of the archive"] input')
    // Figure A2 shows no FGSM.
    expect(boxes().map(({ element }) => element.checked)).toEqual([false, true, true])
    await boxes()[1]!.setValue(false)
    await boxes()[0]!.setValue(true)
    await flushPromises()
    expect(link.inputs('figure.render').at(-1)).toMatchObject({ source: source('a-00000001', 'a-00000003') })
    expect(page.find('.sub').text()).toBe('from 2 sweeps of the archive')
    await page.find('.published input').setValue(true)
    await flushPromises()
    expect(link.inputs('figure.render').at(-1)).toMatchObject({ source: { withPublished: true } })
    expect(page.find('[title^="lab figure"]').attributes('title')).toBe(
      'lab figure A2 \\\n  --sweep a-00000001 \\\n  --sweep a-00000003 \\\n  --published \\\n  --colours workbench \\\n  --format eps,png',
    )
    await page
      .findAll('button')
      .find((button) => button.text() === 'Use latest compatible results')!
      .trigger('click')
    await flushPromises()
    expect(boxes().map(({ element }) => element.checked)).toEqual([false, true, true])
  })
  it('greys the preflight of the figure before, and exports only what it belongs to', async () => {
    let drawn: (() => void) | null = null
    const svg = {
      svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
      widthMm: 139.7,
      heightMm: 38.1,
      findings: [{ level: 'pass' as const, text: 'Width matches the style sheet', detail: '', value: '139.7 mm' }],
    }
    const link = fakeLab({
      'run.list': () => [RUN],
      'robustness.list': () => [],
      'spectrum.list': () => [],
      'plane.list': () => [],
      'model.list': () => [],
      'figure.render': ({ style }) =>
        style === 'IJoCV' ? svg : new Promise((resolve) => (drawn = () => resolve(svg))),
    })
    const page = await show(link)
    const exporting = () => page.findAll('button').find((each) => each.text() === 'Export 2 files')!
    expect(exporting().attributes('disabled')).toBeUndefined()
    await page.findAll('[aria-label="Style sheets"] li')[4]!.trigger('click')
    await flushPromises()
    expect(exporting().attributes('disabled')).toBeDefined()
    expect(page.text()).toContain('Checking again with the new style')
    expect(page.find('[data-testid="figure"]').classes()).toContain('stale')
    expect(page.find('[aria-label="Preflight"] .stale').exists()).toBe(true)
    drawn!()
    await flushPromises()
    expect(exporting().attributes('disabled')).toBeUndefined()
    expect(page.find('.stale').exists()).toBe(false)
  })
  it('a figure that cannot be drawn says so once, and cannot be exported', async () => {
    const link = fakeLab({
      'run.list': () => [RUN],
      'robustness.list': () => [],
      'spectrum.list': () => [],
      'plane.list': () => [],
      'model.list': () => [],
      'figure.render': () => {
        throw new LabError('figure.results', 'Figure A1 needs the spectra of the layer')
      },
    })
    const page = await show(link)
    expect(page.text()).toContain('Figure A1 needs the spectra of the layer')
    expect(page.text()).not.toMatch(/Drawing the figure|Measuring the spectra first/)
    expect(
      page
        .findAll('button')
        .find((each) => each.text() === 'Export 2 files')!
        .attributes('disabled'),
    ).toBeDefined()
  })
  it('draws models in their own colours, or in those of the paper, as the address says', async () => {
    const random = recordOf(['KH', 'BP'], {
      id: 'a-00000002',
      request: { ...recordOf(['KH', 'BP']).request, attack: { kind: 'random' } },
    })
    const link = lab([random, recordOf(['KH', 'BP'], { id: 'a-00000001' })])
    const page = await show(link)
    const choice = () => page.find('[aria-label="Colours of the models"]')
    expect(choice().exists()).toBe(false)
    await figures(page)[5]!.trigger('click')
    await flushPromises()
    expect(link.inputs('figure.render').at(-1)).toMatchObject({ figure: 'A2', source: { colours: 'workbench' } })
    await choice()
      .findAll('button')
      .find((each) => each.text() === 'Paper')!
      .trigger('click')
    await flushPromises()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(link.inputs('figure.render').at(-1)).toMatchObject({ figure: 'A2', source: { colours: 'paper' } })
    expect(page.find('[title^="lab figure"]').attributes('title')).not.toContain('--colours')
  })
  it('says what is wrong with a file', async () => {
    const page = await show(lab())
    await choose(page, '{"version": 1, "figure": "A2", "data": {"models": []}}')
    expect(page.text()).toContain('The data could not be opened.')
    await choose(page, 'no JSON')
    expect(page.text()).toContain('numbers.json is not JSON')
  })
})
