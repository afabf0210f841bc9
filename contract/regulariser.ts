import { z } from 'zod'
import { field } from './field.js'

const strength = field(z.number().min(0).max(1e6), { label: 'Strength', symbol: 'α', help: 'Weight of this penalty in the loss; 0 only logs it.', source: '4' })

/** One penalty of the loss, with its strength and its numbers. */
export const regulariserSpec = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('lebesgue'), strength,
    lebesgueNorm: field(z.number().positive().max(8), { label: 'Lebesgue norm', symbol: 'p', help: 'Σ |θ|^p over all parameters, including biases and batch norm; 2 is weight decay.', source: '4.1', range: '> 0' }),
  }),
  z.strictObject({
    kind: z.literal('jacobian'), strength,
    estimator: field(z.enum(['exact', 'corrected', 'faithful']), {
      label: 'Estimator', help: 'Exact: ‖∂hidden/∂x‖² in closed form. The others estimate it by random projections, normalised per image (corrected) or as in the original.', source: '4.2',
      choices: { exact: 'exact, closed form', corrected: 'projections, corrected', faithful: 'projections, as the original' },
    }),
    projections: field(z.int().min(1).max(64), { label: 'Projections', symbol: 'P', help: 'Number of random directions per image; not used by the exact estimator.', source: '4.2' }),
  }),
  z.strictObject({
    kind: z.literal('spectral'), strength,
    estimator: field(z.enum(['corrected', 'faithful']), {
      label: 'Variant', help: 'Corrected: centred, sorted, target anchored to the data. As the original: basis of the last batch, uncentred, absolute target.', source: '4.3',
      choices: { corrected: 'corrected', faithful: 'as the original' },
    }),
    exponent: field(z.number().positive().max(20), { label: 'Target exponent', symbol: 'α', help: 'Pulls the eigenvalues towards n^(−α).', source: '4.3', range: '> 0' }),
    firstIndex: field(z.int().min(0).max(20_000), { label: 'First index', symbol: 'τ', help: 'Eigenvalues before this index (counted from 0) are not penalised.', source: '4.3' }),
  }),
])
export type RegulariserSpec = z.infer<typeof regulariserSpec>
export type RegulariserKind = RegulariserSpec['kind']

/** Penalties as forms, charts and the paper name them. */
export const REGULARISER_NAMES = {
  lebesgue: { label: 'Lebesgue norm of the parameters', short: 'Lp', paper: 'LpReg' },
  jacobian: { label: 'Jacobian of the hidden layer', short: 'Jacobian', paper: 'JFReg' },
  spectral: { label: 'Spectrum of the hidden layer', short: 'spectral', paper: 'SpecReg' },
} as const satisfies Record<RegulariserKind, { label: string; short: string; paper: string }>

/** So many penalties fit one loss; their curves are `penalty1` … `penalty8`. */
export const MOST_REGULARISERS = 8
