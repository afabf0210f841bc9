import type { RobustnessSeries } from '../../../contract/index.js'
import { SHOWN_MODELS, type ReproAttack, type ShownModel } from '../plan.js'
import { medianBand, type RawRow } from './rows.js'

type OfModels = readonly [KH: number, BP: number, L2: number, JReg: number, SpecReg: number]

/** Figures 1 and A2 as measured in the pictures, to 0.5 % of their axes (section 11). */
const PUBLISHED = {
  random: {
    label: 'random perturbation',
    half: [0.175, 0.058, 0.132, 0.088, 0.033], median: [3.15, 1.14, 2.6, 1.77, 0.95],
    first: [1.55, 0.53, 1.3, 0.86, 0.46], third: [5.53, 1.92, 4.47, 3.01, 1.52], top: [11.44, 4, 9.2, 6.3, 3.1],
  },
  fgsm: {
    label: 'FGSM',
    half: [2.1e-3, 7.2e-4, 1.8e-3, 1.16e-3, 6.5e-4], median: [0.123, 0.04, 0.104, 0.068, 0.037],
    first: [0.058, 0.018, 0.049, 0.031, 0.017], third: [0.218, 0.071, 0.176, 0.118, 0.065], top: [0.458, 0.145, 0.366, 0.247, 0.135],
  },
  pgd: {
    label: 'PGD',
    half: [2.1e-3, 6.9e-4, 1.8e-3, 1.16e-3, 6.5e-4], median: [0.12, 0.039, 0.101, 0.065, 0.036],
    first: [0.058, 0.02, 0.051, 0.032, 0.018], third: [0.207, 0.068, 0.173, 0.111, 0.064], top: [0.429, 0.139, 0.354, 0.231, 0.13],
  },
} as const satisfies Record<ReproAttack, { label: string } & Record<'half' | 'median' | 'first' | 'third' | 'top', OfModels>>

/** What is read of a series, with the words for it. */
const READINGS = {
  half: { text: 'size at relative accuracy 0.5', of: ({ epsilonAtHalf }) => epsilonAtHalf },
  median: { text: 'median critical norm', of: ({ criticalNorm }) => criticalNorm?.median ?? null },
  first: { text: 'first quartile of the critical norm', of: ({ criticalNorm }) => criticalNorm?.firstQuartile ?? null },
  third: { text: 'third quartile of the critical norm', of: ({ criticalNorm }) => criticalNorm?.thirdQuartile ?? null },
  top: { text: 'upper whisker of the critical norm', of: ({ criticalNorm }) => criticalNorm?.upperWhisker ?? null },
} as const satisfies Record<string, { text: string; of: (series: RobustnessSeries) => number | null }>
const NAMES = ['median', 'half', 'first', 'third', 'top'] as const satisfies readonly (keyof typeof READINGS)[]

/** Robustness of the five models against one attack. */
export function robustnessRows(attack: ReproAttack, seriesOf: (model: ShownModel) => RobustnessSeries): RawRow[] {
  const published = PUBLISHED[attack]
  return NAMES.flatMap((name) => SHOWN_MODELS.map((model, index): RawRow => {
    const value = published[name][index] ?? NaN
    return {
      quantity: `${published.label}: ${READINGS[name].text}`, model, published: value, ours: READINGS[name].of(seriesOf(model)),
      band: name === 'median' ? medianBand(value) : null, source: name === 'median' && attack === 'pgd' ? 'Figure A2' : 'Figure 1',
    }
  }))
}
