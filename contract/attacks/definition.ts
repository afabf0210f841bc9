import { z } from 'zod'
import type { SizeGrid } from '../probe.js'

/** How an attack looks for its perturbation: without gradients, with one gradient at the image, or with gradients along a path. */
export type AttackMethod = 'noise' | 'singleStep' | 'iterative'

/** A specification: the kind and its settings. */
export type AttackSpecOf<Kind extends string, Settings extends z.ZodRawShape> = z.output<
  z.ZodObject<{ kind: z.ZodLiteral<Kind> } & Settings, z.core.$strict>
>

/** A line about an attack on a page; texts with markup as in MathText. */
export interface AttackFact {
  label: string
  value: string
}

/** What an attack says of itself; everything but its mathematics. */
export interface AttackParts<Kind extends string, Settings extends z.ZodRawShape> {
  /** Short name in tables and legends: `PGD`. */
  label: string
  /** Name in forms: `PGD (several gradient steps)`. */
  title: string
  /** Name of its row in the paper's figures. */
  figureRow: string
  /** What it does, in one sentence without its name. */
  summary: string
  /** Literature. */
  source: string
  /** Schema of each setting, with label, help and, for the command line, {@link CommandOption}. */
  settings: Settings
  /** Settings of the paper. */
  first: AttackSpecOf<Kind, Settings>
  method: AttackMethod
  /** Whether images are brought back into their box ([0, 1] for normalised sets) at the end. */
  clamps: boolean
  /** Whether the perturbations of all ε lie on one line from the image, so that what is along it can be computed once. */
  linePath: boolean
  /** Largest ε of the paper's grid. */
  paperLargest: number
  /** Whether seeds make a difference; never, unless given. */
  drawsNumbers?: (spec: AttackSpecOf<Kind, Settings>) => boolean
  /** Name with the settings that matter, for sentences: `PGD of 20 steps`; the label, unless given. */
  describe?: (spec: AttackSpecOf<Kind, Settings>) => string
  /** Lines for the page of a sweep besides norm and target. @param text - writes a number */
  facts?: (spec: AttackSpecOf<Kind, Settings>, text: (value: number) => string) => AttackFact[]
  /** Whether it can come to every point of the ε-ball; always, unless given. */
  reaches?: (spec: AttackSpecOf<Kind, Settings>, epsilon: number) => boolean
  /** What to know before its results are read, in full sentences; nothing, unless given. */
  warnings?: (spec: AttackSpecOf<Kind, Settings>, grid: Pick<SizeGrid, 'from' | 'to'>) => string[]
}

/** The definition of an attack, from which schema, form, command line, sentences, docs and tests are derived. */
export interface AttackDefinition<Kind extends string, Settings extends z.ZodRawShape> extends Required<
  AttackParts<Kind, Settings>
> {
  readonly kind: Kind
  readonly schema: z.ZodObject<{ kind: z.ZodLiteral<Kind> } & Settings, z.core.$strict>
}

/**
 * Defines an attack. Its mathematics is the member of the same name in `engine/attacks`.
 *
 * @param kind - its name in files and on the command line
 * @param parts - what it says of itself
 */
export function defineAttack<const Kind extends string, Settings extends z.ZodRawShape>(
  kind: Kind,
  parts: AttackParts<Kind, Settings>,
): AttackDefinition<Kind, Settings> {
  return {
    drawsNumbers: () => false,
    describe: () => parts.label,
    facts: () => [],
    reaches: () => true,
    warnings: () => [],
    ...parts,
    kind,
    schema: z.strictObject({ kind: z.literal(kind), ...parts.settings }) as AttackDefinition<Kind, Settings>['schema'],
  }
}
