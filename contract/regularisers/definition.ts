import { z } from 'zod'
import type { SettingRemark } from '../family.js'
import { field } from '../field.js'

/** Weight of a penalty in the loss, which every penalty has. */
export const strength = field(z.number().min(0).max(1e6), {
  label: 'Strength',
  symbol: 'α',
  help: 'Weight of this penalty in the loss; 0 only logs it.',
  source: '4',
})

/** A specification: the kind, the strength and the settings. */
export type RegulariserSpecOf<Kind extends string, Settings extends z.ZodRawShape> = z.output<
  z.ZodObject<{ kind: z.ZodLiteral<Kind>; strength: typeof strength } & Settings, z.core.$strict>
>

/** What a penalty is applied to. */
export interface RegulariserPlace {
  /** Units of the hidden layer; null where they are not known yet, 0 without a hidden layer. */
  units: number | null
  batchSize: number
  /** Whether the first layer is frozen. */
  frozen: boolean
}

/** Sizes of a training, from which its cost follows. */
export interface TrainingSizes {
  units: number
  /** Entries of an image. */
  inputSize: number
  /** Training and test images. */
  images: number
  testImages: number
  batchSize: number
  epochs: number
}

/** What a penalty adds to a whole training: float32 operations of products, and normal random numbers. */
export interface RegulariserCost {
  operations: number
  normals: number
}

/** What a penalty says of itself; everything but its mathematics. */
export interface RegulariserParts<Kind extends string, Settings extends z.ZodRawShape> {
  /** Name in forms: `Jacobian of the hidden layer`. */
  label: string
  /** Name in tables and charts: `Jacobian`. */
  short: string
  /** Name in the log of the original code: `JFReg`. */
  paper: string
  /** What it does, in one sentence without its name. */
  summary: string
  /** Literature. */
  source: string
  settings: Settings
  /** Settings of the paper. */
  first: RegulariserSpecOf<Kind, Settings>
  /** Whether it penalises the hidden layer, so that a model without one cannot have it. */
  needsHiddenLayer: boolean
  /** Whether it computes tensors at the start of every epoch (`prepare` of its code); their cost is no part of a timed step. */
  preparesEpoch: boolean
  /** The settings in a few words after the name and the strength, with the separator; nothing, unless given. @param text - writes a number */
  describe?: (spec: RegulariserSpecOf<Kind, Settings>, text: (value: number) => string) => string
  /** What the time of a step depends on; the kind, unless given. */
  workKey?: (spec: RegulariserSpecOf<Kind, Settings>) => string
  /** What it adds to a training; nothing, unless given. */
  cost?: (spec: RegulariserSpecOf<Kind, Settings>, sizes: TrainingSizes) => RegulariserCost
  /** Bytes that it needs besides the network; none, unless given. */
  memoryBytes?: (spec: RegulariserSpecOf<Kind, Settings>, units: number) => number
  /** Why it cannot be applied there, where the key `batchSize` is that of the schedule; nothing, unless given. */
  faults?: (spec: RegulariserSpecOf<Kind, Settings>, place: RegulariserPlace) => SettingRemark[]
  /** Valid but questionable settings; nothing, unless given. @param text - writes a number */
  warnings?: (
    spec: RegulariserSpecOf<Kind, Settings>,
    place: RegulariserPlace,
    text: (value: number) => string,
  ) => SettingRemark[]
}

/** The definition of a penalty, from which schema, form, sentences, cost estimates, docs and tests are derived. */
export interface RegulariserDefinition<Kind extends string, Settings extends z.ZodRawShape> extends Required<
  RegulariserParts<Kind, Settings>
> {
  readonly kind: Kind
  readonly schema: z.ZodObject<{ kind: z.ZodLiteral<Kind>; strength: typeof strength } & Settings, z.core.$strict>
}

/**
 * Defines a penalty. Its mathematics is the member of the same name in `engine/regularisers`.
 *
 * @param kind - its name in files
 * @param parts - what it says of itself
 */
export function defineRegulariser<const Kind extends string, Settings extends z.ZodRawShape>(
  kind: Kind,
  parts: RegulariserParts<Kind, Settings>,
): RegulariserDefinition<Kind, Settings> {
  return {
    describe: () => '',
    workKey: () => kind,
    cost: () => ({ operations: 0, normals: 0 }),
    memoryBytes: () => 0,
    faults: () => [],
    warnings: () => [],
    ...parts,
    kind,
    schema: z.strictObject({ kind: z.literal(kind), strength, ...parts.settings }) as RegulariserDefinition<
      Kind,
      Settings
    >['schema'],
  }
}
