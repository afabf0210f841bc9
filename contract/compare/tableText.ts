import { csvOf } from '../library/csv.js'
import type { NumberTable, TextTable } from './tables.js'

const markdownCell = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replace(/([*_`<[\]])/g, '\\$1')
    .replace(/\s*[\r\n]+\s*/g, ' ')

/** A table in GitHub's Markdown; numbers to the right. */
export function markdownOf({ caption, head, rows, notes }: TextTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |`
  const rule = `| ${head.map((_, column) => (column === 0 ? '---' : '---:')).join(' | ')} |`
  return [`**${markdownCell(caption)}**`, '', line(head), rule, ...rows.map(line), '', ...notes.map(markdownCell), '']
    .join('\n')
    .replace(/\n\n\n+/g, '\n\n')
}

/** Characters that LaTeX reads as commands, and those that its usual fonts lack. */
const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '$<$',
  '>': '$>$',
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '∞': '$\\infty$',
  '–': '--',
  α: '$\\alpha$',
  ε: '$\\varepsilon$',
  λ: '$\\lambda$',
  Δ: '$\\Delta$',
  '‖': '$\\|$',
  '₂': '$_2$',
  '\u00a0': '~',
  '\u202f': '\\,',
}

/** A text that LaTeX prints as it is. */
export const latexText = (text: string): string =>
  [...text.replace(/\s*[\r\n]+\s*/g, ' ')]
    .map((character) => LATEX[character] ?? character)
    .join('')
    .replaceAll('$$', '')

/** A table for LaTeX with the rules of booktabs. */
export function latexOf({ caption, head, rows, notes }: TextTable): string {
  const line = (cells: readonly string[]): string => `    ${cells.map(latexText).join(' & ')} \\\\`
  return [
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${latexText([caption, ...notes].map((sentence) => sentence.replace(/\.$/, '')).join('. '))}.}`,
    `  \\begin{tabular}{${head.map((_, column) => (column === 0 ? 'l' : 'r')).join('')}}`,
    '    \\toprule',
    line(head),
    '    \\midrule',
    ...rows.map(line),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n')
}

/** A table as CSV with all digits of its numbers. */
export const csvOfTable = ({ head, rows }: NumberTable): string => csvOf(head, rows)
