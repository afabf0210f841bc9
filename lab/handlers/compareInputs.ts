import { z } from 'zod'
import { comparedIds, compareRequest, groupingRequest, type CompareCommands } from '../../contract/compare/request.js'
import { fieldMatchRequest } from '../../contract/compare/fieldMatch.js'
import type { CommandInput } from '../../contract/index.js'

/** The form of every input of the comparison. */
export const COMPARE_INPUTS = {
  'compare.groups': groupingRequest,
  'compare.runs': compareRequest,
  'compare.probes': z.strictObject({ groups: comparedIds }),
  'compare.fields': fieldMatchRequest,
} satisfies { [Name in keyof CompareCommands]: z.ZodType<CommandInput<Name>> }
