// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import type { ImportedRun } from '../../../contract/library/imported.js'
import ImportedCurves from '../../../renderer/pages/imported/ImportedCurves.vue'
import { importedFacts } from '../../../renderer/pages/imported/importedFacts.js'
import { drawnOptions, plotsSettled } from '../stillCharts.js'

vi.mock('../../../renderer/charts/engine.js', async () => (await import('../stillCharts.js')).stillEngine())

describe('curves of an imported run', () => {
  it('show values that have no finite neighbour, and the last finite one, as points', async () => {
    drawnOptions.length = 0
    const step = Float64Array.of(1, 2, 3, 4, 5, 6)
    const value = Float64Array.of(1, NaN, 2, Infinity, 3, NaN)
    const page = mount(ImportedCurves, { props: { curves: { loss: { step, epoch: step, value } } } })
    await plotsSettled()
    const [line] = drawnOptions.flatMap(({ series = [] }) => series.filter(({ type }) => type === 'line'))
    const sizeOf = line?.symbolSize
    if (typeof sizeOf !== 'function') throw new Error('expected a size for each point')
    expect([...step].map((at) => sizeOf([at, 0]))).toEqual([4, 0, 4, 0, 7, 0])
    page.unmount()
  })
})

describe('facts of an imported run', () => {
  it('leave out what its files do not say', () => {
    const run: ImportedRun = {
      id: 'i-00000001',
      version: 1,
      name: 'a',
      tags: [],
      note: '',
      origin: {
        format: 'csv',
        path: '/a.csv',
        files: ['a.csv'],
        tool: 'CSV',
        sha256: 'ab',
        bytes: 10,
        importedAt: '2026-11-30T08:00:00Z',
      },
      startedAt: null,
      finishedAt: null,
      computeSeconds: null,
      seed: null,
      step: 3,
      epoch: 3,
      values: 4,
      results: { testAccuracy: null, trainAccuracy: null, spectrumSlope: null, spectrumStandardError: null },
      faults: [],
    }
    expect(importedFacts(run, new Date('2026-11-30T12:00:00Z')).map(({ label }) => label)).toEqual([
      'Imported from',
      'Format',
      'Tool',
      'Files',
      'SHA-256',
      'Imported',
      'Last step',
      'Values',
    ])
  })
})
