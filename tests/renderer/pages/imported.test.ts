import { describe, expect, it } from 'vitest'
import type { ImportedRun } from '../../../contract/library/imported.js'
import { importedFacts } from '../../../renderer/pages/imported/importedFacts.js'
import { thinnedCurve } from '../../../renderer/pages/imported/thinnedCurve.js'

describe('a curve for the screen', () => {
  it('is drawn whole while it is short', () => {
    expect(thinnedCurve([1, 2], [3, NaN])).toEqual({ x: [1, 2], y: [3, NaN] })
  })
  it('keeps every peak of a long one, at its place and in order', () => {
    const x = Array.from({ length: 100_000 }, (_, place) => place)
    const y = x.map((place) => (place === 77_777 ? 50 : place === 12_345 ? -50 : Math.sin(place)))
    const thinned = thinnedCurve(x, y, 100)
    expect(thinned.x.length).toBeLessThanOrEqual(200)
    expect(thinned.x).toEqual([...thinned.x].sort((a, b) => a - b))
    expect(thinned.y[thinned.x.indexOf(77_777)]).toBe(50)
    expect(thinned.y[thinned.x.indexOf(12_345)]).toBe(-50)
  })
  it('has a gap where there are no numbers', () => {
    const y = Array.from({ length: 1000 }, () => NaN)
    expect(thinnedCurve(y, y, 10).y.every(Number.isNaN)).toBe(true)
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
