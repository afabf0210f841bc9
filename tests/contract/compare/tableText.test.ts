import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../contract/compare/compareRuns.js'
import type { ComparedRun } from '../../../contract/compare/comparison.js'
import { comparisonNumbers, differencesTable, measuresTable, settingsTable } from '../../../contract/compare/tables.js'
import { csvOfTable, latexOf, latexText, markdownOf } from '../../../contract/compare/tableText.js'

const run = (seed: number, value: number, name: string): ComparedRun => ({
  id: `r-0000000${seed}`,
  name: 'run',
  state: 'finished',
  seed,
  epoch: 1,
  epochs: 1,
  trashed: false,
  settings: { 'imported.kind': name },
  values: [value],
})
const comparison = compareRuns(
  [
    [run(1, 0.5, 'a|b & 5%'), run(2, 0.52, 'a|b & 5%'), run(3, 0.54, 'a|b & 5%')],
    [run(1, 0.6, '=cmd'), run(2, 0.63, '=cmd'), run(3, 0.62, '=cmd')],
  ],
  [{ name: 'accuracy', label: 'Test_accuracy', unit: '' }],
  { baseline: 0, gone: [], unknown: [], available: [] },
)

describe('tables for a paper', () => {
  it('are Markdown with what would end a cell escaped', () => {
    expect(markdownOf(settingsTable(comparison))).toBe(
      [
        '**Settings that differ**',
        '',
        '| Setting | a\\|b & 5% | =cmd |',
        '| --- | ---: | ---: |',
        '| imported | a\\|b & 5% | =cmd |',
        '',
        '0 settings are equal.',
        '',
      ].join('\n'),
    )
  })
  it('are LaTeX with the rules of booktabs and every command character escaped', () => {
    const text = latexOf(differencesTable(comparison, 'pairedT'))
    for (const rule of ['\\toprule', '\\midrule', '\\bottomrule', '\\begin{tabular}{lrrrrr}'])
      expect(text).toContain(rule)
    expect(text).toContain('Test\\_accuracy & =cmd & +0.097 $\\pm$ 0.038 & 3 & 0.0082 & 3.62 \\\\')
    expect(text).toContain('a|b \\& 5\\%')
    expect(latexText('\\ { } $ & # _ % ~ ^ < >')).toBe(
      '\\textbackslash{} \\{ \\} \\$ \\& \\# \\_ \\% \\textasciitilde{} \\textasciicircum{} $<$ $>$',
    )
    expect(latexText('‖Δx‖₂ α')).toBe('$\\|\\Delta$x$\\|_2$ $\\alpha$')
  })
  it('are CSV with all digits, and nothing that a spreadsheet would run', () => {
    const lines = csvOfTable(comparisonNumbers(comparison)).split('\r\n')
    expect(lines[0]?.startsWith('measure,unit,group,n,mean,half width 95 %')).toBe(true)
    const [, , second = ''] = lines
    expect(second).toContain("'=cmd")
    expect(second).toContain(String(comparison.measures[0]?.differences[1]?.p))
    expect(second.split(',').at(-1)).toBe('paired')
  })
  it('state n, and several where measures differ in it', () => {
    expect(measuresTable(comparison).rows[0]?.slice(0, 2)).toEqual(['a|b & 5%', '3'])
  })
})
