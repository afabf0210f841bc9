import { z } from 'zod'
import { LIBRARY_ID, type CommandInput } from '../../contract/index.js'
import type { LibraryCommands } from '../../contract/library/commands.js'
import { libraryEdit, MOST_EDITED_RUNS } from '../../contract/library/edits.js'
import { exportRequest, importRequest } from '../../contract/library/exchange.js'
import { MOST_COLUMNS, tableRequest } from '../../contract/library/table.js'

const id = z.string().regex(LIBRARY_ID)
const wait = z.boolean().optional()
const nothing = z.null()

/** The form of every input of the library. */
export const LIBRARY_INPUTS = {
  'library.table': tableRequest.extend({ wait }),
  'library.cells': z.strictObject({
    lines: z.array(z.array(id).max(MOST_EDITED_RUNS)).max(MOST_EDITED_RUNS),
    columns: z.array(z.string().min(1).max(200)).max(MOST_COLUMNS),
    wait,
  }),
  'library.columns': z.strictObject({ search: z.string().max(200), count: z.int().min(1).max(1000) }),
  'library.sparklines': z.strictObject({
    ids: z.array(id).max(1000),
    name: z.string().min(1).max(200),
    points: z.int().min(2).max(1000),
  }),
  'library.edit': libraryEdit,
  'library.undo': z.strictObject({ sequence: z.int().min(1).nullable() }),
  'library.redo': nothing,
  'library.history': z.strictObject({ count: z.int().min(1).max(10_000) }),
  'library.views': nothing,
  'library.export': exportRequest,
  'library.import': importRequest,
  'library.imports': nothing,
  'library.imported': z.strictObject({ id }),
  'library.curves': z.strictObject({ id, names: z.array(z.string().min(1).max(200)).max(MOST_COLUMNS).optional() }),
  'library.emptyTrash': z.strictObject({ ids: z.array(id).max(MOST_EDITED_RUNS).nullable() }),
} satisfies { [Name in keyof LibraryCommands]: z.ZodType<CommandInput<Name>> }
