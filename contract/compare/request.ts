import { z } from 'zod'
import type { Command } from '../command.js'
import type { RunId } from '../runId.js'
import type { Comparison } from './comparison.js'
import type { FieldMatch, FieldMatchRequest } from './fieldMatch.js'
import type { ComparedProbes } from './probes.js'

/** Groups that are compared at once; the library compares more. */
export const MOST_COMPARED = 8
/** Runs of all groups together. */
export const MOST_COMPARED_RUNS = 400
/** Measures of one comparison. */
export const MOST_MEASURES = 12

/** A run of this program, or one that was imported into the library. */
const id = z.string().regex(/^[ri]-[0-9a-f]{4,32}$/, { error: 'expected a run such as r-7f21c4a0' })

/** Ids of the runs of each group. */
export const comparedIds = z
  .array(z.array(id).min(1))
  .min(1)
  .max(MOST_COMPARED, { error: `expected at most ${MOST_COMPARED} runs or groups; the table of runs shows more` })
  .refine((groups) => groups.flat().length <= MOST_COMPARED_RUNS, {
    error: `expected at most ${MOST_COMPARED_RUNS} runs in all`,
  })

/** What is compared. */
export const compareRequest = z.strictObject({
  groups: comparedIds,
  /** Columns of the library that are numbers; empty takes the usual ones that the runs have. */
  measures: z.array(z.string().min(1).max(200)).max(MOST_MEASURES),
  /** Place of the group that the others are compared with. */
  baseline: z.int().min(0),
})
export type CompareRequest = z.infer<typeof compareRequest>

/** How runs become groups: seeds of one specification together, each run alone, or by the values of columns. */
export const groupingRequest = z.strictObject({
  /** In this order; null for every run that matches the query. */
  ids: z.array(id).max(10_000).nullable(),
  query: z.string().max(4000),
  groupBy: z.union([z.enum(['seeds', 'runs']), z.array(z.string().min(1).max(200)).min(1).max(8)]),
})
export type GroupingRequest = z.infer<typeof groupingRequest>

/** Commands of the comparison. */
export interface CompareCommands {
  /** Groups in the order of their first runs. Ids that the archive does not have are passed on. */
  'compare.groups': Command<GroupingRequest, RunId[][]>
  'compare.runs': Command<CompareRequest, Comparison>
  /** Stored spectra and finished robustness passes of these groups; nothing is measured. */
  'compare.probes': Command<{ groups: RunId[][] }, ComparedProbes>
  /** Matches the receptive fields of two layers one to one; takes seconds for 2000 units. */
  'compare.fields': Command<FieldMatchRequest, FieldMatch>
}
