import { PAPER_MODELS } from '../../contract/index.js'

/** Rows of Figures 2 and 3: the data and the untrained network before the models. */
const PAPER_ROWS: readonly string[] = ['Dataset', 'Initialized', ...PAPER_MODELS]

/** Labels in the paper's order, others after them in their own, each once. */
export function inPaperOrder(labels: readonly string[]): string[] {
  return [...new Set([...PAPER_ROWS.filter((label) => labels.includes(label)), ...labels])]
}
