import type { ReproModel } from '../plan.js'

/** Where a run may lie and still agree with the paper; `rule` says why (section 11). */
export interface Band {
  lower: number
  upper: number
  rule: string
}

/** `inside` and `outside` of the band; `noBand`: the paper's number has none; `missing`: this replay has no such number; `otherData`: it did not use the paper's images. */
export const VERDICTS = {
  inside: 'inside its band', outside: 'outside its band', noBand: 'no band', missing: 'not measured', otherData: 'other data',
} as const
export type Verdict = keyof typeof VERDICTS

/** One published number beside ours. */
export interface ReportRow {
  group: string
  quantity: string
  model: ReproModel | 'Dataset' | 'Initialized' | null
  published: number
  ours: number | null
  band: Band | null
  verdict: Verdict
  /** Where in the paper it was read. */
  source: string
}

/** A row before it is judged. */
export type RawRow = Omit<ReportRow, 'verdict' | 'group'>

/** Bands of section 11. */
export const accuracyBand = (published: number): Band => ({ lower: published - 0.02, upper: published + 0.02, rule: '± 0.02' })
export const medianBand = (published: number): Band => ({ lower: published * 0.85, upper: published * 1.15, rule: '± 15 %' })
export const slopeBand = (published: number, half: number): Band => ({ lower: published - half, upper: published + half, rule: `± ${half}` })
export const rangeBand = (lower: number, upper: number, rule: string): Band => ({ lower, upper, rule })

/** Judges a row; numbers of other images than the paper's are shown and not judged. */
export function judged(group: string, row: RawRow, samePictures: boolean): ReportRow {
  const { ours, band } = row
  const verdict: Verdict = ours === null || !Number.isFinite(ours) ? 'missing' : !samePictures ? 'otherData' : band === null ? 'noBand' : ours >= band.lower && ours <= band.upper ? 'inside' : 'outside'
  return { group, ...row, ours: verdict === 'missing' ? null : ours, verdict }
}
