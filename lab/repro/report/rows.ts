import type { Band, ReportRow, Verdict } from '../../../contract/index.js'

/** A row before it is judged. */
export type RawRow = Omit<ReportRow, 'verdict' | 'group'>

/** Bands of section 11. */
export const accuracyBand = (published: number): Band => ({
  lower: published - 0.02,
  upper: published + 0.02,
  rule: '± 0.02',
})
export const medianBand = (published: number): Band => ({
  lower: published * 0.85,
  upper: published * 1.15,
  rule: '± 15 %',
})
export const slopeBand = (published: number, half: number): Band => ({
  lower: published - half,
  upper: published + half,
  rule: `± ${half}`,
})
export const rangeBand = (lower: number, upper: number, rule: string): Band => ({ lower, upper, rule })

/** Judges a row; numbers of other images than the paper's are shown and not judged, nor are sizes that are not known exactly. */
export function judged(group: string, row: RawRow, samePictures: boolean): ReportRow {
  const { ours, band, reading } = row
  const verdict: Verdict =
    reading === 'notReached'
      ? 'noBand'
      : ours === null || !Number.isFinite(ours)
        ? 'missing'
        : !samePictures
          ? 'otherData'
          : band === null || reading === 'below'
            ? 'noBand'
            : ours >= band.lower && ours <= band.upper
              ? 'inside'
              : 'outside'
  return { group, ...row, ours: verdict === 'missing' ? null : ours, verdict }
}
