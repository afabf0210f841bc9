import { z } from 'zod'
import { memberByKind, type SchemasOf, type SettingRemark } from '../family.js'
import type { RegulariserCost, RegulariserDefinition, RegulariserPlace, TrainingSizes } from './definition.js'
import { jacobian } from './jacobian.js'
import { lebesgue } from './lebesgue.js'
import { spectral } from './spectral.js'

export type { RegulariserCost, RegulariserPlace, SettingRemark, TrainingSizes }

/** Every penalty, in the order in which forms and tables list them. */
export const REGULARISERS = [lebesgue, jacobian, spectral] as const

/** One penalty of the loss, with its strength and its numbers. */
export const regulariserSpec = z.discriminatedUnion(
  'kind',
  REGULARISERS.map(({ schema }) => schema) as unknown as SchemasOf<typeof REGULARISERS>,
)
export type RegulariserSpec = z.infer<typeof regulariserSpec>
export type RegulariserKind = RegulariserSpec['kind']

/** A definition without the type of its own settings. */
export type AnyRegulariser = Omit<
  RegulariserDefinition<RegulariserKind, z.ZodRawShape>,
  'first' | 'schema' | 'settings'
> & { readonly settings: z.ZodRawShape; readonly first: RegulariserSpec }

/** The definition of a kind. */
export const regulariserOf = memberByKind<RegulariserKind, AnyRegulariser>(
  REGULARISERS as unknown as readonly AnyRegulariser[],
  'penalty',
)

/** The settings of a penalty in a few words, after its name and strength. */
export const describeRegulariser = (spec: RegulariserSpec, text: (value: number) => string): string =>
  regulariserOf(spec.kind).describe(spec, text)

/** Why a penalty cannot be applied to a model. */
export function regulariserFaults(spec: RegulariserSpec, place: RegulariserPlace): SettingRemark[] {
  const { needsHiddenLayer, faults } = regulariserOf(spec.kind)
  const missing =
    needsHiddenLayer && place.units === 0
      ? [{ key: 'kind', text: 'The identity model has no hidden layer to penalise. Remove this penalty.' }]
      : []
  return [...missing, ...faults(spec, place)]
}

/** Valid but questionable settings of a penalty. */
export const regulariserWarnings = (
  spec: RegulariserSpec,
  place: RegulariserPlace,
  text: (value: number) => string,
): SettingRemark[] => regulariserOf(spec.kind).warnings(spec, place, text)

/** What penalties add to a training. @param which - those that count; all, unless given */
export function regularisersCost(
  specs: readonly RegulariserSpec[],
  sizes: TrainingSizes,
  which: (regulariser: AnyRegulariser) => boolean = () => true,
): RegulariserCost {
  const costs = specs
    .filter(({ kind }) => which(regulariserOf(kind)))
    .map((spec) => regulariserOf(spec.kind).cost(spec, sizes))
  return costs.reduce(
    (sum, { operations, normals }) => ({ operations: sum.operations + operations, normals: sum.normals + normals }),
    { operations: 0, normals: 0 },
  )
}

/** So many penalties fit one loss; their curves are `penalty1` … `penalty8`. */
export const MOST_REGULARISERS = 8
