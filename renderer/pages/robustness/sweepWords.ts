import {
  attackFacts,
  attackOf,
  DATASETS,
  isPaperAim,
  normOf,
  targetOf,
  type AttackSpec,
  type ProbeState,
  type RobustnessRequest,
  type SweepRecord,
} from '../../../contract/index.js'
import { publishedAccuracy, publishedAttack, type PublishedAttack } from '../../../figures/published.js'
import { STATE_LOOKS, type StateLook } from '../../components/runStates.js'
import { formatExact, formatInteger, formatSignificant } from '../../format/index.js'

/** Colours and names of the states of a sweep, as for runs. */
export const SWEEP_STATES = { ...STATE_LOOKS, queued: { ...STATE_LOOKS.queued, tone: 'off' } } satisfies Record<
  ProbeState,
  StateLook
>

const normWords = (norm: 'linf' | number): string => (norm === 'linf' ? '*L*_{∞}' : `*L*_{${formatExact(norm)}}`)

/** The norm of an attack; markup as in MathText. */
export const attackNorm = (attack: AttackSpec): string | null => {
  const norm = normOf(attack)
  return norm === null ? null : normWords(norm)
}

const targetWords = (attack: AttackSpec): string => {
  const target = targetOf(attack)
  if (target === null) return 'untargeted'
  return target === 'next'
    ? 'towards the next class'
    : target === 'leastLikely'
      ? 'towards the least likely class'
      : `towards class ${target}`
}

/** What a sweep attacks, shown below the title. */
export function sweepLine({ request, models }: SweepRecord): string {
  const labels = new Set(models.map(({ label }) => label))
  const seeds = request.seeds.length > 1 ? `, ${request.seeds.length} seeds` : ''
  return `${labels.size === 1 ? 'one model' : `${labels.size} models`}, ${request.images === null ? '' : `first ${formatInteger(request.images)} `}correctly classified ${DATASETS[request.dataset.kind].label} ${request.split === 'test' ? 'test' : 'training'} images of each, ${targetWords(request.attack)}${seeds}`
}

/** Every number of the attack; values with markup as in MathText. */
export function attackRows({
  attack,
  grid,
  seeds,
  criticalOnly,
}: RobustnessRequest): { label: string; value: string }[] {
  const norm = attackNorm(attack)
  return [
    ...(norm === null ? [] : [{ label: 'Norm', value: norm }]),
    ...attackFacts(attack, formatExact),
    ...(norm === null ? [] : [{ label: 'Target', value: targetWords(attack) }]),
    {
      label: 'ε values',
      value: `${formatInteger(grid.count)}, ${formatSignificant(grid.from, 2)} to ${formatSignificant(grid.to, 3)}${grid.spacing === 'lin' ? ', linear' : ''}`,
    },
    { label: 'Clamp', value: attackOf(attack.kind).clamps ? '[0, 1] at the end' : 'none' },
    { label: seeds.length > 1 ? 'Seeds' : 'Seed', value: seeds.map(formatExact).join(', ') },
    ...(criticalOnly ? [{ label: 'Recorded', value: 'critical values only' }] : []),
  ]
}

/** Published values for this model and attack. */
export interface Published extends PublishedAttack {
  accuracy: number | null
}

/** The paper's numbers of a label, if the sweep is one of the paper's: CIFAR-10 test images, untargeted, in the maximum norm. */
export function publishedOf({ dataset, split, attack }: RobustnessRequest, label: string): Published | null {
  if (dataset.kind !== 'cifar10' || split !== 'test' || !isPaperAim(attack)) return null
  const row = publishedAttack(attackOf(attack.kind).figureRow, label)
  return row === null ? null : { ...row, accuracy: publishedAccuracy(label) }
}
