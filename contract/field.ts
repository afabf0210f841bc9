import { z } from 'zod'

/** How a setting is called on the command line. */
export interface CommandOption {
  /** `--step-size <size>`; without a value for switches: `--random-start`. */
  flag: string
  /** What it does, beginning in lower case as options do; the help of the field, unless given. */
  help?: string
  /** Reads its text; a number, unless given. @throws Error that says what was expected */
  read?: (text: string) => unknown
  /** Writes a value as `read` reads it; plainly, unless given. */
  write?: (value: unknown) => string
}

/** What a form, a help text and a paper's table need to know of a parameter. Range and type come from the schema itself. */
export interface FieldMeta {
  /** What a person calls it: `Hidden units`. */
  label: string
  /** Its symbol in the paper, set in italic: `H`. */
  symbol?: string
  /** The unit shown inside the field: `units`, `images`, `per step`. */
  unit?: string
  /** What it does, in one sentence. */
  help: string
  /** Where it comes from: a section of docs/SOURCES.md such as `2.1`. */
  source: string
  /** Rarely changed; shown with "every field". */
  advanced?: boolean
  /** Names of the choices of an enumeration, by value. */
  choices?: Record<string, string>
  /** What an empty field means, shown in it: `any wrong class`. */
  empty?: string
  /** Range in words when the schema's bounds do not say it: `> 0`. */
  range?: string
  /** Its option, where a command takes it as one. */
  cli?: CommandOption
}

declare module 'zod' {
  interface GlobalMeta extends Partial<FieldMeta> {}
}

/** Attaches {@link FieldMeta} to a schema; `fieldMeta` reads it back. Attach it last: zod copies drop metadata. */
export function field<Schema extends z.ZodType>(schema: Schema, meta: FieldMeta): Schema {
  return schema.meta({ ...meta })
}

/** The metadata of a schema made by {@link field}, or undefined for a group. */
export function fieldMeta(schema: z.ZodType): FieldMeta | undefined {
  const meta = z.globalRegistry.get(schema)
  return meta !== undefined && typeof meta.label === 'string' ? (meta as FieldMeta) : undefined
}
