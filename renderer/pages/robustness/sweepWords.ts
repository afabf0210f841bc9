import { ATTACK_ROWS, DATASETS, type AttackKind, type AttackSpec, type ProbeState, type RobustnessRequest, type SweepRecord } from '../../../contract/index.js'
import { publishedAccuracy, publishedAttack, type PublishedAttack } from '../../../figures/published.js'
import { STATE_LOOKS, type StateLook } from '../../components/runStates.js'
import { formatExact, formatInteger, formatSignificant } from '../../format/index.js'

/** Names of the attacks on the page. */
export const ATTACK_NAMES = { random: 'Random', fgsm: 'FGSM', pgd: 'PGD' } as const satisfies Record<AttackKind, string>

/** Colours and names of the states of a sweep, as for runs. */
export const SWEEP_STATES = { ...STATE_LOOKS, queued: { ...STATE_LOOKS.queued, tone: 'off' } } satisfies Record<ProbeState, StateLook>

const normWords = (norm: 'linf' | number): string => (norm === 'linf' ? '*L*_{∞}' : `*L*_{${formatExact(norm)}}`)

/** The norm of an attack; markup as in MathText. */
export const attackNorm = (attack: AttackSpec): string | null => (attack.kind === 'random' ? null : normWords(attack.norm))

const targetWords = (attack: AttackSpec): string => {
  if (attack.kind === 'random' || attack.target === null) return 'untargeted'
  return attack.target === 'next' ? 'towards the next class' : attack.target === 'leastLikely' ? 'towards the least likely class' : `towards class ${attack.target}`
}

/** What a sweep attacks, shown below the title. */
export function sweepLine({ request, models }: SweepRecord): string {
  const labels = new Set(models.map(({ label }) => label))
  const seeds = request.seeds.length > 1 ? `, ${request.seeds.length} seeds` : ''
  return `${labels.size === 1 ? 'one model' : `${labels.size} models`}, ${request.images === null ? '' : `first ${formatInteger(request.images)} `}correctly classified ${DATASETS[request.dataset.kind].label} ${request.split === 'test' ? 'test' : 'training'} images of each, ${targetWords(request.attack)}${seeds}`
}

/** Every number of the attack; values with markup as in MathText. */
export function attackRows({ attack, grid, seeds, criticalOnly }: RobustnessRequest): { label: string; value: string }[] {
  const norm = attackNorm(attack)
  return [
    ...(norm === null ? [{ label: 'Noise', value: 'normal, standard deviation *ε*' }] : [{ label: 'Norm', value: norm }]),
    ...(attack.kind === 'pgd' ? [
      { label: 'Steps', value: formatInteger(attack.steps) }, { label: 'Step size', value: `${formatExact(attack.stepSizeRatio)} *ε* below ${formatExact(attack.stepSize)}` },
      { label: 'Starting point', value: attack.randomStart ? 'random point in the *ε*-ball' : 'the clean image' },
    ] : []),
    ...(attack.kind === 'random' ? [] : [{ label: 'Target', value: targetWords(attack) }]),
    { label: 'ε values', value: `${formatInteger(grid.count)}, ${formatSignificant(grid.from, 2)} to ${formatSignificant(grid.to, 3)}${grid.spacing === 'lin' ? ', linear' : ''}` },
    { label: 'Clamp', value: attack.kind === 'random' ? 'none' : '[0, 1] at the end' },
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
  if (dataset.kind !== 'cifar10' || split !== 'test' || (attack.kind !== 'random' && (attack.norm !== 'linf' || attack.target !== null))) return null
  const row = publishedAttack(ATTACK_ROWS[attack.kind], label)
  return row === null ? null : { ...row, accuracy: publishedAccuracy(label) }
}
