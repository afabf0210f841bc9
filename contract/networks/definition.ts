import { z } from 'zod'
import type { ModelType } from '../model.js'

/** What is below the classifier: a hidden layer that is trained, one that stays as it was learnt, or none. */
export type NetworkLayer = 'trained' | 'frozen' | 'none'

/** Classes of the original code that classifiers are stored as. */
export type ClassifierType = Exclude<ModelType, 'FKHL3' | 'KHL3'>

/** A specification: the kind and its settings. */
export type NetworkSpecOf<Kind extends string, Settings extends z.ZodRawShape> = z.output<
  z.ZodObject<{ kind: z.ZodLiteral<Kind> } & Settings, z.core.$strict>
>

/** What a network says of itself; everything but its mathematics. */
export interface NetworkParts<Kind extends string, Settings extends z.ZodRawShape> {
  /** Name in forms: `Perceptron, tanh`. */
  label: string
  /** Name in tables and charts: `SHLP tanh`. */
  short: string
  /** What it does, in one sentence without its name. */
  summary: string
  /** Literature. */
  source: string
  settings: Settings
  /** Settings of the paper. */
  first: NetworkSpecOf<Kind, Settings>
  layer: NetworkLayer
  /** Type of its model files. */
  type: ClassifierType
}

/** The definition of a network, from which schema, form, sentences, model files, docs and tests are derived. */
export interface NetworkDefinition<Kind extends string, Settings extends z.ZodRawShape> extends NetworkParts<
  Kind,
  Settings
> {
  readonly kind: Kind
  readonly schema: z.ZodObject<{ kind: z.ZodLiteral<Kind> } & Settings, z.core.$strict>
}

/**
 * Defines a network. Its mathematics is the member of the same name in `engine/networks`.
 *
 * @param kind - its name in files
 * @param parts - what it says of itself
 */
export const defineNetwork = <const Kind extends string, Settings extends z.ZodRawShape>(
  kind: Kind,
  parts: NetworkParts<Kind, Settings>,
): NetworkDefinition<Kind, Settings> => ({
  ...parts,
  kind,
  schema: z.strictObject({ kind: z.literal(kind), ...parts.settings }) as NetworkDefinition<Kind, Settings>['schema'],
})
