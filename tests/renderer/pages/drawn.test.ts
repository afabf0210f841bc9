// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { TableCell } from '../../../contract/library/table.js'
import { drawnColumn, drawnName, meanCurve, writtenColumns } from '../../../renderer/pages/library/drawnColumns.js'
import { headText } from '../../../renderer/pages/library/columnHeads.js'
import { mixedReasons } from '../../../renderer/pages/library/entryWords.js'
import SeedStrip from '../../../renderer/pages/library/SeedStrip.vue'

describe('columns that are drawn', () => {
  it('are read from their names, also of reduced measures, and are left out of requests', () => {
    expect(drawnColumn('strip(min(loss))')).toEqual({ kind: 'strip', of: 'min(loss)' })
    expect(drawnColumn('min(loss)')).toBeNull()
    expect(drawnName({ kind: 'curve', of: 'testAccuracy' })).toBe('curve(testAccuracy)')
    expect(writtenColumns(['accuracy', 'strip(accuracy)', 'curve(loss)'])).toEqual(['accuracy'])
    expect([headText('strip(accuracy)'), headText('curve(testAccuracy)')]).toEqual(['Seeds of Accuracy', 'Curve'])
  })
  it('a curve of a group is the mean of the runs that reach an epoch', () => {
    expect(meanCurve([Float64Array.of(1, 2, 3), Float64Array.of(3, NaN)])).toEqual([2, 2, 3])
    expect(meanCurve([])).toEqual([])
  })
  it('a strip has a tick for each seed, the mean and its interval', () => {
    const strip = mount(SeedStrip, { props: { values: [1, 2, 3], domain: [1, 3] as const } })
    const x = (selector: string): number[] => strip.findAll(selector).map((each) => Number(each.attributes('x1') ?? each.attributes('cx'))) // prettier-ignore
    expect(x('.seed')).toEqual([3, 42, 81])
    expect(x('.mean')).toEqual([42])
    // t(2) = 4.303, s = 1: 2 ± 2.48 is cut at the ends of the axis.
    expect([strip.get('.interval').attributes('x1'), strip.get('.interval').attributes('x2')]).toEqual(['0', '84'])
    expect(
      mount(SeedStrip, { props: { values: [2], domain: [2, 2] as const } })
        .find('.mean')
        .exists(),
    ).toBe(false)
  })
})

describe('a group that is no group of seeds', () => {
  const cell = (count: number, distinct: number): TableCell => ({ value: null, halfWidth: null, count, distinct, differs: distinct > 1 }) // prettier-ignore
  const entry = { key: 'group:a', ids: ['a', 'b'], depth: 0 as const }
  it('says what differs, and that seeds repeat', () => {
    expect(mixedReasons(entry, { seed: cell(2, 2), dataset: cell(2, 1), executor: cell(2, 1) })).toBe('')
    expect(mixedReasons(entry, { seed: cell(2, 1), dataset: cell(2, 2), executor: cell(2, 2) })).toBe(
      'Read the interval with care: the runs have different datasets, and the runs were computed by different backends, and some runs have the same seed.',
    )
    expect(mixedReasons({ ...entry, ids: ['a'] }, { seed: cell(1, 1) })).toBe('')
  })
})
