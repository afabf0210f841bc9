// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CommandOutput, RunRecord } from '../../../contract/index.js'
import LibraryPage from '../../../renderer/pages/library/LibraryPage.vue'
import { classifierSpecOf, fakeLab, presetSpec, runRecord, type FakeLab } from '../fakeLab.js'
import { mountPage, type MountedPage } from '../mountPage.js'
import { drawnOptions, plotsSettled as settle } from '../stillCharts.js'

vi.mock('../../../renderer/charts/engine.js', async () => (await import('../stillCharts.js')).stillEngine())

const seeds = [0.5, 0.52, 0.54].map((testAccuracy, index): RunRecord =>
  runRecord({
    id: `r-0000000${index + 1}`,
    kind: 'classifier',
    name: 'three seeds',
    seed: 7 + index,
    state: 'finished',
    epoch: 2,
    epochs: 2,
    testAccuracy,
    trainAccuracy: testAccuracy + 0.1,
    computeSeconds: 10,
    createdAt: `2026-11-25T10:00:0${index}.000Z`,
    startedAt: '2026-11-25T10:00:00.000Z',
    group: { id: 'r-00000001', index, count: 3 },
  }),
)
const other = runRecord({
  id: 'r-0000000f',
  kind: 'classifier',
  name: 'another',
  seed: 1,
  state: 'finished',
  epoch: 2,
  epochs: 2,
  testAccuracy: 0.6,
  startedAt: '2026-11-24T10:00:00.000Z',
  createdAt: '2026-11-24T10:00:00.000Z',
})
const layer = runRecord({ id: 'r-000000aa', name: 'a layer', createdAt: '2026-11-23T10:00:00.000Z' })
const ALL = [...seeds, other, layer]
const metricsOf = (id: string): CommandOutput<'run.metrics'> => {
  const place = seeds.findIndex((run) => run.id === id)
  const column = (value: number[]) => ({
    epoch: Float64Array.of(1, 2),
    step: Float64Array.of(1, 2),
    value: Float64Array.from(value),
  })
  return place < 0
    ? { testAccuracy: column([0.4, 0.6]), loss: column([2, 1]) }
    : { testAccuracy: column([0.3 + 0.01 * place, 0.5 + 0.02 * place]), loss: column([3, 2]) }
}

let page: MountedPage
let lab: FakeLab
const show = async (
  component: Parameters<typeof mountPage>[0],
  address: string,
  answers: Parameters<typeof fakeLab>[0] = {},
): Promise<void> => {
  lab = fakeLab({
    'run.list': () => ALL,
    'run.metrics': ({ id }) => metricsOf(id),
    'run.get': ({ id }) => ({
      record: ALL.find((run) => run.id === id) ?? layer,
      spec:
        id === layer.id
          ? presetSpec('quick-look')
          : id === other.id
            ? classifierSpecOf({ regularisers: [] })
            : classifierSpecOf(),
    }),
    ...answers,
  })
  page = await mountPage(component, lab, address)
  await settle()
}
beforeEach(() => {
  window.localStorage.clear()
  drawnOptions.length = 0
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 })
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 900 })
})
afterEach(() => page.wrapper.unmount())

describe('the table of runs', () => {
  const ADDRESS = '/runs?columns=dataset,hiddenUnits,seed,epoch,accuracy,alpha'
  const rows = () => page.wrapper.findAll('.body tbody tr:not(.gap)')
  const names = (): string[] => rows().map((row) => row.find('b').text())
  const cells = (row: number): string[] =>
    (rows()[row]?.findAll('td').slice(1) ?? []).map((cell) => cell.text().replaceAll('\u00a0', ' '))
  const table = async (address = ADDRESS): Promise<void> => {
    await show(LibraryPage, address)
    await vi.waitFor(() => expect(cells(0)[2]).toBe('Synthetic scenes'))
  }
  it('shows seeds of one experiment as one row with mean and interval', async () => {
    await table()
    // t(2) = 4.3027, s = 0.02: 4.3027 · 0.02 / √3 = 0.0497; the mean of seeds says nothing, so that there is no such column.
    expect(cells(0)).toEqual(['three seeds', '3', 'Synthetic scenes', '100', '2', '52.0 ± 5.0 %', ''])
    expect(names()).toEqual(['three seeds', 'another', 'a layer'])
    expect(page.wrapper.find('.hits').text()).toMatch(/^5 runs in 3 groups, \d+ ms$/)
  })
  it('opens the row to its runs, in the order of the table', async () => {
    await table()
    const handle = page.wrapper.find('.handle')
    expect([handle.attributes('aria-expanded'), handle.attributes('aria-label')]).toEqual([
      'false',
      '3 runs of three seeds',
    ])
    await handle.trigger('click')
    await vi.waitFor(() =>
      expect([1, 2, 3].map((row) => cells(row)[0])).toEqual(
        [9, 8, 7].map((seed) => expect.stringContaining(`seed ${seed}`)),
      ),
    )
    expect(page.wrapper.find('.handle').attributes('aria-expanded')).toBe('true')
  })
  it('unfolds and folds a group with the arrow keys', async () => {
    await table()
    const body = page.wrapper.get('.body')
    await body.trigger('keydown', { key: 'ArrowDown' })
    await body.trigger('keydown', { key: 'ArrowRight' })
    expect(rows()).toHaveLength(6)
    await body.trigger('keydown', { key: 'ArrowDown' })
    await body.trigger('keydown', { key: 'ArrowLeft' })
    expect(page.wrapper.findAll('tr[aria-selected="true"]')).toHaveLength(1)
    await body.trigger('keydown', { key: 'ArrowLeft' })
    expect(rows()).toHaveLength(3)
  })
  it('shows of a chosen group its means and runs, and takes it to the comparison', async () => {
    await table()
    await rows()[0]?.trigger('click')
    const detail = page.wrapper.find('.detail')
    expect(detail.text()).toContain('3 of 3 runs')
    expect(detail.text()).toContain('seeds 7 to 9')
    expect(detail.text().replaceAll('\u00a0', ' ')).toContain('Means of 3 runs with the 95 % interval of Student’s t.')
    expect(detail.findAll('tbody tr').map((row) => row.find('td').text())).toEqual(['7', '8', '9'])
    expect(page.wrapper.get('.bulk b').text()).toBe('1 group, 3 runs')
    await page.wrapper.get('.bulk button[aria-label="Compare"]').trigger('click')
    await flushPromises()
    expect(page.router.currentRoute.value.fullPath).toBe('/compare?ids=r-00000003,r-00000002,r-00000001')
  })
  it('moves all runs of a group to the trash, and takes them out again', async () => {
    await table()
    await rows()[0]?.trigger('click')
    await page.wrapper.get('.bulk .trash').trigger('click')
    await vi.waitFor(() => expect(names()).toEqual(['another', 'a layer']))
    expect(lab.inputs('library.edit')).toEqual([
      { kind: 'trash', ids: seeds.map(({ id }) => id).reverse(), trashed: true },
    ])
    expect(page.wrapper.findAll('tr[aria-selected="true"]')).toHaveLength(0)
    expect(page.wrapper.get('footer').text()).toContain('Moved 3 runs to the trash')
    await page.wrapper.get('footer .link').trigger('click')
    await vi.waitFor(() => expect(names()).toEqual(['three seeds', 'another', 'a layer']))
  })
  it('sorts groups by their means', async () => {
    await table()
    await page.wrapper
      .findAll('th button')
      .find((each) => each.text() === 'Accuracy')
      ?.trigger('click')
    await vi.waitFor(() => expect(names()).toEqual(['another', 'three seeds', 'a layer']))
  })
  it('finds a group by any of its runs', async () => {
    await table()
    await page.wrapper.find('input[role="combobox"]').setValue('r-00000002')
    await vi.waitFor(() => expect(names()).toEqual(['three seeds']))
  })
  it('shows in which settings two lines differ, and their results', async () => {
    await table()
    await rows()[0]?.trigger('click')
    await rows()[1]?.trigger('click', { ctrlKey: true })
    const preview = page.wrapper.get('.preview')
    await vi.waitFor(() => expect(preview.text()).toContain('settings differ'))
    const found = preview.findAll('tbody tr').map((row) => row.findAll('th, td').map((cell) => cell.text()))
    expect(found.map(([name]) => name)).toContain('regularisers.0.kind')
    expect(found.map(([name]) => name)).not.toContain('model.hiddenUnits')
    expect(
      found
        .find(([name]) => name === 'Accuracy')
        ?.slice(1)
        .map((text) => text.replaceAll('\u00a0', ' ')),
    ).toEqual(['52.0 ± 5.0 %', '60.0 %'])
  })
})
