import { stat } from 'node:fs/promises'
import type { LabContext, SomeHandlers } from '../context.js'
import { attackMeasures } from '../compare/attackMeasures.js'
import { comparedFields } from '../compare/fields.js'
import { comparedGroups } from '../compare/groups.js'
import { comparedProbes } from '../compare/probes.js'
import { comparisonOf, type ComparisonSources } from '../compare/runs.js'

/** Runs and groups side by side. */
export function compareHandlers(
  context: LabContext,
): SomeHandlers<'compare.groups' | 'compare.runs' | 'compare.probes' | 'compare.fields'> {
  const sources: ComparisonSources = {
    library: context.library,
    // Imported runs have no folder of their own kind; the library knows them.
    isThere: async (id) =>
      !id.startsWith('r-') || stat(context.archive.pathOf(id, 'run.json')).then(Boolean, () => false),
    attacks: (ids, asked, signal) => attackMeasures(context, ids, asked, signal),
  }
  return {
    'compare.groups': (request) => comparedGroups(context, request),
    'compare.runs': (request, { signal }) => comparisonOf(sources, request, signal),
    'compare.probes': ({ groups }, { signal }) => comparedProbes(context, groups, signal),
    'compare.fields': (request, { signal }) => comparedFields(context, request, signal),
  }
}
