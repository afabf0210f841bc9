import {
  foundSize,
  PUBLISHED_ROBUSTNESS,
  type PublishedRobustness,
  type RobustnessSeries,
} from '../../../contract/index.js'
import { SHOWN_MODELS, type ReproAttack, type ShownModel } from '../plan.js'
import { medianBand, type RawRow } from './rows.js'

const LABELS = { random: 'random perturbation', fgsm: 'FGSM', pgd: 'PGD' } as const satisfies Record<
  ReproAttack,
  string
>

/** What is read of a series, with the words for it. */
const READINGS = {
  median: { text: 'median critical norm', of: ({ criticalNorm }) => criticalNorm?.median ?? null },
  epsilonAtHalf: { text: 'ε at relative accuracy 0.5', of: ({ epsilonAtHalf }) => epsilonAtHalf },
  firstQuartile: {
    text: 'first quartile of the critical norm',
    of: ({ criticalNorm }) => criticalNorm?.firstQuartile ?? null,
  },
  thirdQuartile: {
    text: 'third quartile of the critical norm',
    of: ({ criticalNorm }) => criticalNorm?.thirdQuartile ?? null,
  },
  upperWhisker: {
    text: 'upper whisker of the critical norm',
    of: ({ criticalNorm }) => criticalNorm?.upperWhisker ?? null,
  },
} as const satisfies Record<
  keyof PublishedRobustness,
  { text: string; of: (series: RobustnessSeries) => number | null }
>
const NAMES = Object.keys(READINGS) as (keyof typeof READINGS)[]

/** The size at half accuracy as it is shown everywhere: measured, below the smallest size that was tried, or not reached. */
function sizeAtHalf({ epsilonAtHalf, epsilons }: RobustnessSeries): Pick<RawRow, 'ours' | 'reading'> {
  const found = foundSize(epsilonAtHalf, epsilons)
  if (found.kind === 'notReached') return { ours: null, reading: 'notReached' }
  return found.kind === 'below' ? { ours: found.epsilon, reading: 'below' } : { ours: found.epsilon }
}

/** Robustness of the five models against one attack. */
export function robustnessRows(attack: ReproAttack, seriesOf: (model: ShownModel) => RobustnessSeries): RawRow[] {
  return NAMES.flatMap((name) =>
    SHOWN_MODELS.map((model): RawRow => {
      const published = PUBLISHED_ROBUSTNESS[attack][name][model]
      return {
        quantity: `${LABELS[attack]}: ${READINGS[name].text}`,
        model,
        published,
        ...(name === 'epsilonAtHalf' ? sizeAtHalf(seriesOf(model)) : { ours: READINGS[name].of(seriesOf(model)) }),
        band: name === 'median' ? medianBand(published) : null,
        source: name === 'median' && attack === 'pgd' ? 'Figure A2' : 'Figure 1',
      }
    }),
  )
}
