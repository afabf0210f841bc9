// @vitest-environment happy-dom
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError, type PruningPlan, type RunRecord } from '../../../contract/index.js'
import RunPage from '../../../renderer/pages/run/RunPage.vue'
import { titleOf } from '../../../renderer/shell/crumbs.js'
import { fakeLab, presetSpec, runRecord } from '../fakeLab.js'
import { mountPage } from '../mountPage.js'
import { plotsSettled } from '../stillCharts.js'

vi.mock('../../../renderer/charts/engine.js', async () => (await import('../stillCharts.js')).stillEngine())

const ID = 'r-000000ab'
const UNITS = 100
const weights = Float32Array.from({ length: UNITS * 12 }, (_, index) => Math.sin(index))
const planOf = (offNorm: number | null): PruningPlan => ({
  mode: 'corrected',
  variances: Float64Array.from({ length: UNITS }, (_, unit) => Math.exp(-7 + 0.01 * unit)),
  mixtures: [],
  cutoff: null,
  manual: false,
  offNorm,
  removed: Uint8Array.from({ length: UNITS }, (_, unit) => (offNorm !== null && unit < 26 ? 1 : 0)),
  removedCount: offNorm === null ? 0 : 26,
  notes: offNorm === null ? ['One Gaussian describes the variances; there is no separate group of noisy units.'] : [],
})

let page: VueWrapper
const open = async (tab: string, changes: Partial<RunRecord> = {}): Promise<ReturnType<typeof fakeLab>> => {
  const record = runRecord({
    id: ID,
    name: 'a layer',
    state: 'finished',
    epoch: 60,
    epochs: 60,
    checkpoints: [60],
    startedAt: '2026-11-25T10:00:00.000Z',
    ...changes,
  })
  const missing = (): never => {
    throw new LabError('run.nothingToShow', 'nothing yet')
  }
  const lab = fakeLab({
    'run.list': () => [record],
    'run.get': () => ({ record, spec: presetSpec('quick-look') }),
    'run.metrics': () => ({}),
    'run.notices': () => [],
    'run.arrayEpochs': () => [],
    'run.array': ({ name }) =>
      name === 'weights' ? { name, epoch: 60, shape: [UNITS, 12], data: weights } : missing(),
    'run.fields': () => ({ epoch: 60, shape: [2, 2, 3], weights }),
    'prune.plan': ({ offNorm = null }) => planOf(offNorm),
  } as Parameters<typeof fakeLab>[0])
  page = (await mountPage(RunPage, lab, `/runs/${ID}/${tab}`, { id: ID, tab })).wrapper
  await plotsSettled()
  return lab
}
beforeEach(() => window.localStorage.clear())
afterEach(() => page.unmount())

describe('the Prune tab', () => {
  it('says in a sentence what pruning removes, and what the norms add to it', async () => {
    const lab = await open('prune')
    expect(page.find('.count').text().replaceAll('\u00a0', ' ')).toBe('0 of 100 units removed (0.0 %).')
    expect(page.text()).toContain('there is no separate group of noisy units')
    await page.find('.decision input[type="checkbox"]').setValue(true)
    await flushPromises()
    await plotsSettled()
    expect(lab.inputs('prune.plan').at(-1)).toMatchObject({ offNorm: presetSpec('quick-look').checks.normTolerance })
    expect(page.find('.count').text().replaceAll('\u00a0', ' ')).toBe('26 of 100 units removed (26.0 %).')
    expect(page.find('[data-testid="removed-count"]').text()).toBe('26')
  })
})

describe('the charts of a layer', () => {
  const menuOf = async (): Promise<string[]> => {
    const chart = page.find('[aria-roledescription="chart"]')
    await chart.trigger('keydown', { key: '.' })
    await flushPromises()
    return [...document.querySelectorAll('[role="menuitem"]')].map((item) => item.textContent?.trim() ?? '')
  }
  it('offer Figure A1 only where it contains them', async () => {
    await open('prune')
    const items = await menuOf()
    expect(items).toContain('Save as CSV')
    expect(items).not.toContain('Open as figure')
  })
})

describe('the title of a window', () => {
  it('is that of its run, with its progress, so that tabs can be distinguished', () => {
    const crumbs = [{ label: 'Runs', to: '/runs' }, { label: 'delta 0.4' }]
    expect(titleOf(crumbs, '')).toBe('delta 0.4 · Runs · LocalLearning Workbench')
    expect(titleOf(crumbs, '40 %')).toBe('40 % delta 0.4 · Runs · LocalLearning Workbench')
  })
})
