import type { LabContext, SomeHandlers } from '../context.js'
import { comparedFields } from '../compare/fields.js'
import { comparedGroups } from '../compare/groups.js'
import { comparedProbes } from '../compare/probes.js'
import { comparisonOf } from '../compare/runs.js'

/** Runs and groups side by side. */
export function compareHandlers(
  context: LabContext,
): SomeHandlers<'compare.groups' | 'compare.runs' | 'compare.probes' | 'compare.fields'> {
  return {
    'compare.groups': (request) => comparedGroups(context, request),
    'compare.runs': (request, { signal }) => comparisonOf(context, request, signal),
    'compare.probes': ({ groups }, { signal }) => comparedProbes(context, groups, signal),
    'compare.fields': (request, { signal }) => comparedFields(context, request, signal),
  }
}
