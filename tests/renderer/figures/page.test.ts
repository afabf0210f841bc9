// @vitest-environment happy-dom
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { figureFileText, type FigureContent } from '../../../contract/index.js'
import FiguresPage from '../../../renderer/figures/FiguresPage.vue'
import { fakeLab, runRecord, type FakeLab } from '../fakeLab.js'
import { mountPage } from '../mountPage.js'

let open: VueWrapper | null = null
afterEach(() => {
  open?.unmount()
  open = null
})
const RUN = runRecord({ id: 'r-00000001', name: 'a layer', state: 'finished', checkpoints: [2] })
const A2: FigureContent = { figure: 'A2', data: { models: [{ model: { label: 'KH', colour: null }, testAccuracy: 0.47, medianCriticalNorm: { random: 3, pgd: null } }] } }
const lab = (): FakeLab => fakeLab({
  'run.list': () => [RUN],
  'figure.render': () => ({ svg: '<svg xmlns="http://www.w3.org/2000/svg"/>', widthMm: 139.7, heightMm: 38.1, findings: [{ level: 'pass', text: 'Width equals the style sheet', detail: '', value: '139.7 mm' }] }),
  'figure.export': ({ formats }) => formats.map((format) => ({ format, fileName: `FigureA2-AccVsRobustness.${format}`, path: `/archive/figures/FigureA2-AccVsRobustness.${format}`, bytes: 10 })),
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
      'Figure 1, robustnessno data yet', 'Figure 2, spectra of the KH layerno data yet', 'Figure 3, spectra of the modelsno data yet', 'Figure 4, decision planesno data yet',
      'Figure A1, receptive fields and spectraa layer, r-00000001', 'Figure A2, accuracy and robustnessno data yet',
    ])
    expect(link.inputs('figure.render')).toEqual([{ figure: 'A1', source: { kind: 'run', run: 'r-00000001' }, style: 'IJoCV' }])
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
  it('draws and exports from a file of data, tells the command, and closes it', async () => {
    const link = lab()
    const page = await show(link)
    await choose(page, figureFileText(A2))
    expect(page.find('h1').text()).toBe('Figure A2, accuracy and robustness')
    expect(link.inputs('figure.render').at(-1)).toEqual({ figure: 'A2', source: { kind: 'data', name: 'numbers.json', content: A2 }, style: 'IJoCV' })
    await page.find('.published input').setValue(true)
    await flushPromises()
    expect(link.inputs('figure.render').at(-1)).toMatchObject({ source: { content: { data: { withPublished: true } } } })
    await page.find('.published input').setValue(false)
    await page.findAll('button').find((button) => button.text() === 'Export 2 files')!.trigger('click')
    await flushPromises()
    expect(link.inputs('figure.export')[0]).toMatchObject({ figure: 'A2', source: { kind: 'data' }, formats: ['eps', 'png'], folder: null })
    expect(page.find('[aria-label="Written files"]').text()).toContain('FigureA2-AccVsRobustness.eps')
    await page.findAll('button').find((button) => button.text() === 'Close numbers.json')!.trigger('click')
    await flushPromises()
    expect(page.find('[data-testid="figure"]').exists()).toBe(false)
  })
  it('says what is wrong with a file', async () => {
    const page = await show(lab())
    await choose(page, '{"version": 1, "figure": "A2", "data": {"models": []}}')
    expect(page.text()).toContain('The data could not be opened.')
    await choose(page, 'no JSON')
    expect(page.text()).toContain('numbers.json is not JSON')
  })
})
