// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, type Ref } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import { NAMES, NUMBER, TEXT, useAddress, wordOf } from '../../../renderer/composables/useAddress.js'
import { readView, viewText } from '../../../renderer/pages/plane/planeView.js'
import LibraryPage from '../../../renderer/pages/library/LibraryPage.vue'
import { fakeLab, presetSpec, runRecord, type FakeLab } from '../fakeLab.js'
import { mountPage } from '../mountPage.js'

let open: VueWrapper | null = null
beforeEach(() => {
  window.localStorage.clear()
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 600 })
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 900 })
})
afterEach(() => open?.unmount())

interface Values {
  epsilon: Ref<number | null>
  share: Ref<string>
  filter: Ref<string>
  figure: Ref<string>
}
async function values(address: string): Promise<{ router: Router; values: Values }> {
  let found: Values | null = null
  const page = defineComponent({
    setup() {
      found = {
        epsilon: useAddress('epsilon', () => null, NUMBER),
        share: useAddress('share', () => 'relative', wordOf(['relative', 'absolute'])),
        filter: useAddress('filter', () => '', TEXT),
        figure: useAddress('figure', () => 'A1', wordOf(['A1', '1', '2']), { push: true }),
      }
      return () => h('div')
    },
  })
  const other = defineComponent({ render: () => h('div') })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/page', component: page },
      { path: '/other', component: other },
    ],
  })
  await router.push(address)
  open = mount(defineComponent({ template: '<RouterView />' }), { global: { plugins: [router] } })
  await flushPromises()
  if (found === null) throw new Error('no page')
  return { router, values: found }
}

describe('the address', () => {
  it('carries what differs from the start, all changes of one moment in one step', async () => {
    const { router, values: page } = await values('/page')
    page.epsilon.value = 0.003
    page.filter.value = 'KH seed=1'
    page.share.value = 'absolute'
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ epsilon: '0.003', filter: 'KH seed=1', share: 'absolute' })
    page.share.value = 'relative'
    page.filter.value = ''
    await vi.waitFor(() => expect(router.currentRoute.value.query['filter']).toBeUndefined())
    expect(router.currentRoute.value.query).toEqual({ epsilon: '0.003' })
  })
  it('keeps the newest value when values change faster than the address', async () => {
    const { router, values: page } = await values('/page')
    for (const text of ['a', 'ab', 'abc']) {
      page.filter.value = text
      for (let turn = 0; turn < 3; turn++) await Promise.resolve()
    }
    await flushPromises()
    expect(page.filter.value).toBe('abc')
    await vi.waitFor(() => expect(router.currentRoute.value.query).toEqual({ filter: 'abc' }))
    expect(page.filter.value).toBe('abc')
  })
  it('carries names with commas, and ignores broken escapes', () => {
    const names = ['a, b', 'r-00000001/pruned', '100 %', 'KH']
    expect(NAMES.read(NAMES.write(names))).toEqual(names)
    expect([NAMES.read(''), NAMES.read('%')]).toEqual([[], null])
  })
  it('restores a page, and ignores what means nothing', async () => {
    const { values: page } = await values('/page?epsilon=0.01&share=absolute&figure=2')
    expect([page.epsilon.value, page.share.value, page.figure.value]).toEqual([0.01, 'absolute', '2'])
    open?.unmount()
    const wrong = (await values('/page?epsilon=large&share=__proto__&figure=9')).values
    expect([wrong.epsilon.value, wrong.share.value, wrong.figure.value]).toEqual([null, 'relative', 'A1'])
  })
  it('is followed by Back, for what is a step of its own', async () => {
    const { router, values: page } = await values('/page')
    page.figure.value = '1'
    await flushPromises()
    page.figure.value = '2'
    await flushPromises()
    router.back()
    await flushPromises()
    expect(page.figure.value).toBe('1')
    router.back()
    await flushPromises()
    expect(page.figure.value).toBe('A1')
  })
  it('of a page that is left is not changed any more', async () => {
    const { router, values: page } = await values('/page')
    await router.push('/other')
    page.filter.value = 'late'
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe('/other')
  })
  it('holds the part of a plane that is on screen', () => {
    const view = { first: [-1.25, 2], second: [0.5, 0.75] } as const
    expect(readView(viewText(view))).toEqual(view)
    expect(['', '1,2,3', '2,1,0,1', 'a,b,c,d', '0,1,0,1,2', '0,1,0,Infinity'].map(readView)).toEqual(
      Array(6).fill(null),
    )
  })
})

describe('the table of runs', () => {
  const RUNS = ['alpha', 'beta', 'beta two'].map((name, index) =>
    runRecord({
      id: `r-0000000${index}`,
      name,
      createdAt: `2026-11-2${index}T10:00:00.000Z`,
      state: 'finished',
      startedAt: '2026-11-20T10:00:00.000Z',
    }),
  )
  const lab = (runs = RUNS): FakeLab =>
    fakeLab({
      'run.list': () => runs,
      'run.get': ({ id }) => ({
        record: runs.find((run) => run.id === id) ?? runRecord(),
        spec: presetSpec('quick-look'),
      }),
    })
  const namesOf = (page: VueWrapper): string[] => page.findAll('tbody tr[aria-rowindex] b').map((name) => name.text())
  it('keeps query, order and selection in its address, and takes them back from it', async () => {
    const first = await mountPage(LibraryPage, lab(), '/runs?group=')
    open = first.wrapper
    await first.wrapper.get('input[role="combobox"]').setValue('beta')
    await vi.waitFor(() => expect(namesOf(first.wrapper)).toEqual(['beta two', 'beta']))
    await first.wrapper.findAll('tbody tr[aria-rowindex]')[1]?.trigger('click')
    await vi.waitFor(() =>
      expect(first.router.currentRoute.value.query).toEqual({ group: '', query: 'beta', chosen: 'r-00000001' }),
    )
    const address = first.router.currentRoute.value.fullPath
    first.wrapper.unmount()
    const again = await mountPage(LibraryPage, lab(), `${address}&sort=-name`)
    open = again.wrapper
    await vi.waitFor(() => expect(namesOf(again.wrapper)).toEqual(['beta two', 'beta']))
    expect((again.wrapper.get('input[role="combobox"]').element as HTMLInputElement).value).toBe('beta')
    expect(again.wrapper.findAll('tbody tr[aria-selected="true"]').map((row) => row.text())).toEqual([
      expect.stringContaining('beta'),
    ])
    expect(again.wrapper.get('th[aria-sort="descending"]').text()).toBe('Name')
  })
  it('understands the filter of an earlier address', async () => {
    const page = await mountPage(LibraryPage, lab(), '/runs?filter=beta%20two')
    open = page.wrapper
    await vi.waitFor(() => expect(namesOf(page.wrapper)).toEqual(['beta two']))
    await vi.waitFor(() => expect(page.router.currentRoute.value.query).toEqual({ query: 'beta two' }))
  })
  it('requests the cells of the lines that are visible, and nothing of one run', async () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      runRecord({ id: `r-${String(index).padStart(8, '0')}`, name: `run ${index}` }),
    )
    const asked = lab(many)
    open = (await mountPage(LibraryPage, asked, '/runs?group=')).wrapper
    await vi.waitFor(() => expect(namesOf(open!)[0]).toBe('run 299'))
    const pages = asked.inputs('library.cells').filter(({ columns }) => columns.includes('accuracy'))
    expect(pages.map(({ lines }) => lines.length)).toEqual([namesOf(open).length])
    expect(pages[0]?.lines.length).toBeLessThan(60)
    expect([asked.inputs('run.get'), asked.inputs('run.specs'), asked.inputs('run.columns')]).toEqual([[], [], []])
    asked.emit('run.changed', { record: runRecord({ id: 'r-00000299', name: 'run 299', epoch: 3 }) })
    await vi.waitFor(() => expect(asked.inputs('library.cells').at(-1)?.lines).toEqual([['r-00000299']]))
  })
  it('says which run the arrow keys have reached', async () => {
    open = (await mountPage(LibraryPage, lab(), '/runs?group=')).wrapper
    await open.get('.body').trigger('keydown', { key: 'ArrowDown' })
    expect(open.get('.body [role="status"]').text()).toBe('beta two, Finished, row 1 of 3')
  })
})
