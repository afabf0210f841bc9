import { z } from 'zod'
import { memberByKind, type SchemasOf } from '../family.js'
import type { ClassifierType, NetworkDefinition, NetworkLayer } from './definition.js'
import { hybrid } from './hybrid.js'
import { identity } from './identity.js'
import { perceptron } from './perceptron.js'
import { tanhPerceptron } from './tanhPerceptron.js'

export type { ClassifierType, NetworkLayer }

/** Every network, in the order in which forms list them. */
export const NETWORKS = [hybrid, perceptron, tanhPerceptron, identity] as const

/** The network of a classifier, with its settings. */
export const networkSpec = z.discriminatedUnion(
  'kind',
  NETWORKS.map(({ schema }) => schema) as unknown as SchemasOf<typeof NETWORKS>,
)
export type ClassifierModel = z.infer<typeof networkSpec>
export type NetworkKind = ClassifierModel['kind']

/** A definition without the type of its own settings. */
export type AnyNetwork = Omit<NetworkDefinition<NetworkKind, z.ZodRawShape>, 'first' | 'schema'> & {
  readonly first: ClassifierModel
}

/** The definition of a kind. */
export const networkDefinition = memberByKind<NetworkKind, AnyNetwork>(
  NETWORKS as unknown as readonly AnyNetwork[],
  'network',
)

/** What is below the classifier of a network. */
export const layerOf = ({ kind }: { kind: NetworkKind }): NetworkLayer => networkDefinition(kind).layer
