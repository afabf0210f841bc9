// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { afterEach, expect, it, vi } from 'vitest'
import { h } from 'vue'
import SpectraScope from '../../../renderer/charts/SpectraScope.vue'
import SpectrumScope from '../../../renderer/charts/SpectrumScope.vue'
import { AXIS_ROOM, NAME_GAP } from '../../../renderer/charts/spectraOption.js'
import { plotsSettled } from '../stillCharts.js'

vi.mock('../../../renderer/charts/engine.js', async () => ({ ...(await import('../stillCharts.js')).stillEngine() }))

let page: VueWrapper | null = null
afterEach(() => page?.unmount())

const HEIGHT = 400
const tops = (): Map<string, number> =>
  new Map(
    page
      ?.findAll('.name')
      .map((name) => [name.text(), Number.parseFloat((name.element as HTMLElement).style.top) + 8]) ?? [],
  )

it('names of spectra that end in one place are apart, and above the axis', async () => {
  const raw = Float64Array.from({ length: 40 }, (_, index) => (index + 1) ** -3)
  // Half of the pruned spectrum is rounding error, far below the axis.
  const pruned = raw.map((value, index) => (index < 20 ? value : 1e-19))
  page = mount(
    {
      render: () =>
        h(TooltipProvider, () =>
          h(SpectrumScope, {
            spectra: [
              { label: 'raw', values: raw },
              { label: 'pruned', values: pruned },
            ],
            window: [3, 12],
            normalise: false,
          }),
        ),
    },
    { attachTo: document.body },
  )
  await plotsSettled()
  const found = tops()
  expect([...found.keys()].sort()).toEqual(['pruned', 'raw'])
  expect(Math.abs((found.get('raw') ?? 0) - (found.get('pruned') ?? 0))).toBeGreaterThanOrEqual(NAME_GAP)
  for (const top of found.values()) expect(top).toBeLessThanOrEqual(HEIGHT - AXIS_ROOM)
})

it('a single spectrum needs no name; the newest of several has one', async () => {
  const spectra = [1, 10, 20].map((epoch) => ({ label: `epoch ${epoch}`, values: [1, 0.5, 0.2, 0.1 / epoch] }))
  page = mount(
    { render: () => h(TooltipProvider, () => h(SpectrumScope, { spectra: spectra.slice(2), window: [1, 3] })) },
    { attachTo: document.body },
  )
  await plotsSettled()
  expect(tops().size).toBe(0)
  page.unmount()
  page = mount(
    { render: () => h(TooltipProvider, () => h(SpectrumScope, { spectra, window: [1, 3] })) },
    { attachTo: document.body },
  )
  await plotsSettled()
  expect([...tops().keys()]).toContain('20')
  expect([...tops().keys()]).toContain('epoch 1')
})

it('notes on spectra are below the plot, never over it', async () => {
  const curve = { key: 'KH', label: 'KH', slot: 0, values: [1, 0.5, 0.2, 0.1], fit: null }
  page = mount(
    {
      render: () =>
        h(TooltipProvider, () =>
          h(
            SpectraScope,
            { title: 'Noise', curves: [curve], window: [1, 3] },
            { notes: () => 'The spectrum is curved within the window.' },
          ),
        ),
    },
    { attachTo: document.body },
  )
  await plotsSettled()
  expect(page.text()).toContain('The spectrum is curved within the window.')
  expect(page.find('.area').text()).not.toContain('The spectrum is curved')
})
