/** Widths of journals' columns in millimetres, and the smallest and largest text where they say it. */
export const JOURNALS = [
  { label: 'Nature', widthsMm: [89, 183], textPt: [5, 7] },
  { label: 'PNAS', widthsMm: [90, 110, 180], textPt: [6, 8] },
  { label: 'PRL', widthsMm: [85.7, 171.4], textPt: null },
  { label: 'NeurIPS, ICLR', widthsMm: [139.7], textPt: null },
  { label: 'ICML', widthsMm: [82.5, 171.4], textPt: null },
  { label: 'CVPR', widthsMm: [82.5, 174.6], textPt: null },
  { label: 'JMLR', widthsMm: [152.4], textPt: null },
  { label: 'PLOS', widthsMm: [66.8, 190.5], textPt: [8, 12] },
] as const satisfies readonly { label: string; widthsMm: readonly number[]; textPt: readonly [number, number] | null }[]

/** A figure that is this much wider than a column is scaled by the typesetter without harm. */
const SLACK_MM = 0.1

/**
 * Where a figure of a width fits unscaled: in the narrowest column that takes it, of each journal that has one.
 *
 * @returns names with the column's width, the best filled first
 */
export function columnsFor(widthMm: number): { label: string; columnMm: number }[] {
  return JOURNALS.flatMap(({ label, widthsMm }) => {
    const column = widthsMm.find((width) => widthMm <= width + SLACK_MM)
    return column === undefined ? [] : [{ label, columnMm: column }]
  }).sort((a, b) => a.columnMm - b.columnMm)
}
