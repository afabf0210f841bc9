import { z } from 'zod'
import { probeSeed, REPRO_SCALES, type CommandInput, type ReplayCommands } from '../../contract/index.js'

const replay = z.strictObject({ id: z.string().max(64) })

/** The form of every input of the replay. */
export const REPLAY_INPUTS = {
  'replay.scales': z.null(),
  'replay.list': z.null(),
  'replay.get': replay,
  'replay.start': z.strictObject({ scale: z.enum(REPRO_SCALES), seed: probeSeed }),
  'replay.pause': replay,
  'replay.readFile': replay.extend({ path: z.string().min(1).max(4096) }),
} satisfies { [Name in keyof ReplayCommands]: z.ZodType<CommandInput<Name>> }
