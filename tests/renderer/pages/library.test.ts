import { describe, expect, it } from 'vitest'
import type { ColumnFacts } from '../../../contract/library/column.js'
import type { TableCell } from '../../../contract/library/table.js'
import { cellWords } from '../../../renderer/pages/library/cellWords.js'
import { headText } from '../../../renderer/pages/library/columnHeads.js'
import { reducedColumn, reducerOf, shownOf } from '../../../renderer/pages/library/columnSections.js'
import { completionAt } from '../../../renderer/pages/library/completion.js'
import { chosenLines, entriesOf, runsOf, selectionText } from '../../../renderer/pages/library/entries.js'
import {
  columnsOfText,
  nextSort,
  queryOfFilter,
  queryWord,
  SORTING,
} from '../../../renderer/pages/library/libraryAddress.js'
import { countsOf } from '../../../renderer/pages/library/treeOf.js'

const column = (changes: Partial<ColumnFacts>): ColumnFacts => ({
  name: 'name',
  label: 'Name',
  type: 'text',
  section: 'run',
  unit: '',
  help: '',
  curve: false,
  runs: 3,
  values: [],
  ...changes,
})
const FACTS = [
  column({ name: 'state', label: 'State', values: ['finished', 'failed'] }),
  column({ name: 'tag', label: 'Tags', type: 'set', values: ['paper', 'negative result'] }),
  column({ name: 'accuracy', label: 'Test accuracy', type: 'number', section: 'results' }),
  column({ name: 'layer.hiddenUnits', label: 'layer.hiddenUnits', type: 'number', section: 'specification', values: ['1000', '2000'] }),
] // prettier-ignore
const offered = (text: string, asked = false) => {
  const found = completionAt(text, text.length, FACTS, asked)
  return found === null ? null : { from: found.from, inserts: found.options.map(({ insert }) => insert) }
}

describe('completion of a query', () => {
  it('offers names by their beginning, by the last part of a path, and all of them when asked', () => {
    expect(offered('acc')).toEqual({ from: 0, inserts: ['accuracy'] })
    expect(offered('tag:paper and hid')).toEqual({ from: 14, inserts: ['layer.hiddenUnits'] })
    expect(offered('')).toBeNull()
    expect(offered('', true)?.inserts).toHaveLength(4)
  })
  it('offers operators of the column and values, quoted where they need it', () => {
    expect(offered('accuracy ')?.inserts).toEqual(['= ', '!= ', '< ', '<= ', '> ', '>= ', ': ', 'in ('])
    expect(offered('state = fa')).toEqual({ from: 8, inserts: ['failed'] })
    expect(offered('tag:neg')).toEqual({ from: 4, inserts: ['"negative result"'] })
    expect(offered('tag:"neg')).toEqual({ from: 4, inserts: ['"negative result"'] })
    expect(offered('hiddenUnits in (1000, 2')).toEqual({ from: 22, inserts: ['2000'] })
    expect(offered('has:ta')?.inserts).toEqual(['tag', 'state'])
  })
})

describe('the address of the library', () => {
  it('keeps commas inside brackets and quotation marks together', () => {
    expect(columnsOfText('accuracy, at(testAccuracy, 50),"a, b"')).toEqual([
      'accuracy',
      'at(testAccuracy, 50)',
      '"a, b"',
    ])
    const keys = [{ column: 'at(loss, 5)', descending: true }, { column: 'name', descending: false }] // prettier-ignore
    expect(SORTING.read(SORTING.write(keys))).toEqual(keys)
  })
  it('quotes words that a query would read otherwise', () => {
    expect(queryOfFilter('KH seed=1 and')).toBe('KH "seed=1" "and"')
    expect(queryWord('say "hi"')).toBe(String.raw`"say \"hi\""`)
  })
  it('turns the order around with each click, and adds keys with Shift', () => {
    const first = nextSort([], 'accuracy', { add: false, descendingFirst: true })
    expect(SORTING.write(first)).toBe('-accuracy')
    const second = nextSort(first, 'name', { add: true, descendingFirst: false })
    expect(SORTING.write(second)).toBe('-accuracy,name')
    expect(SORTING.write(nextSort(second, 'accuracy', { add: true, descendingFirst: true }))).toBe('accuracy,name')
    expect(SORTING.write(nextSort(first, 'accuracy', { add: false, descendingFirst: true }))).toBe('accuracy')
    expect(nextSort(nextSort(first, 'accuracy', { add: false, descendingFirst: true }), 'accuracy', { add: false, descendingFirst: true })).toEqual([]) // prettier-ignore
  })
})

describe('rows of the library', () => {
  const LINES = [{ ids: ['r-2', 'r-1'] }, { ids: ['r-3'] }]
  it('are lines and the runs of unfolded groups', () => {
    expect(entriesOf(LINES, new Set()).map(({ key }) => key)).toEqual(['group:r-1', 'r-3'])
    expect(entriesOf(LINES, new Set(['group:r-1'])).map(({ key }) => key)).toEqual(['group:r-1', 'r-2', 'r-1', 'r-3'])
  })
  it('count a selected group once, also when one of its runs is selected too', () => {
    const entries = entriesOf(LINES, new Set(['group:r-1']))
    const chosen = new Set(['group:r-1', 'r-1', 'r-3'])
    expect(runsOf(entries, chosen)).toEqual(['r-2', 'r-1', 'r-3'])
    expect(selectionText(chosenLines(entries, chosen))).toBe('1 group, 3 runs')
  })
})

describe('cells of the library', () => {
  const cell = (changes: Partial<TableCell>): TableCell => ({ value: null, halfWidth: null, count: 1, distinct: 1, differs: false, ...changes }) // prettier-ignore
  const words = (name: string, changes: Partial<TableCell>, type: ColumnFacts['type'] = 'number') =>
    cellWords(name, type, cell(changes), new Date('2026-11-30T12:00:00')).replaceAll('\u00a0', ' ')
  it('say means with intervals in the unit of the column', () => {
    expect(words('accuracy', { value: 0.542, halfWidth: 0.006 })).toBe('54.20 ± 0.60 %')
    expect(words('max(testAccuracy)', { value: 0.5 })).toBe('50.0 %')
    expect(words('alpha', { value: -1.5, halfWidth: 0.02 })).toBe('−1.500 ± 0.020')
    expect(words('computeSeconds', { value: 7200 })).toBe('2 h 00')
    expect(words('layer.rate', { value: 1e-9 })).toBe('10⁻⁹')
    expect(words('loss', { value: NaN })).toBe('NaN')
  })
  it('say that the runs of a group differ, and nothing without a value', () => {
    expect(words('executor', { differs: true }, 'text')).toBe('several')
    expect(words('executor', {}, 'text')).toBe('')
    expect(words('tag', { value: ['a', 'b'] }, 'set')).toBe('a, b')
  })
})

describe('columns of the library', () => {
  it('have a reducer that is read back', () => {
    expect(['last', 'min'].map((reducer) => reducedColumn('loss', reducer as 'last', 1))).toEqual(['loss', 'min(loss)'])
    expect(reducerOf(reducedColumn('loss', 'at', 50))).toEqual({ reducer: 'at', epoch: 50 })
    expect(shownOf(['accuracy', 'min(loss)'], 'loss')).toBe('min(loss)')
    expect(headText('at(testAccuracy, 50)')).toBe('at 50 Test accuracy')
  })
})

describe('counts of the tree', () => {
  it('add folders up, and count every tag', () => {
    const value = (of: TableCell['value']): TableCell => ({
      value: of,
      halfWidth: null,
      count: 1,
      distinct: 1,
      differs: false,
    })
    const counts = countsOf([{ ids: ['r-1', 'r-2'] }, { ids: ['r-3'] }], {
      cells: [
        [value('failed'), value(true), value('Thesis/Chapter 10'), value(['paper', 'keep'])],
        [value('running'), value(false), value('Thesis/Chapter 2'), value(['paper'])],
      ],
    })
    expect(counts).toEqual({
      all: 3,
      starred: 2,
      running: 1,
      failed: 2,
      folders: [
        { path: 'Thesis', name: 'Thesis', depth: 0, runs: 3 },
        { path: 'Thesis/Chapter 2', name: 'Chapter 2', depth: 1, runs: 1 },
        { path: 'Thesis/Chapter 10', name: 'Chapter 10', depth: 1, runs: 2 },
      ],
      tags: [
        { tag: 'paper', runs: 3 },
        { tag: 'keep', runs: 2 },
      ],
    })
  })
})
