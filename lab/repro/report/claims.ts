import type { Claim } from '../../../contract/index.js'
import type { ReproAttack, ShownModel } from '../plan.js'

const NAMES = { random: 'random perturbations', fgsm: 'FGSM', pgd: 'PGD' } as const satisfies Record<
  ReproAttack,
  string
>
/** From the most to the least robust (section 11); the last two may tie. */
const ORDER = ['KH', 'L2', 'JReg', 'BP', 'SpecReg'] as const satisfies readonly ShownModel[]

const shown = (value: number | null): string => (value === null ? 'never fooled' : value.toPrecision(3))

/** What the paper says of an attack: medians of the critical norm, null where no image was fooled. */
export function claimsOf(attack: ReproAttack, medianOf: (model: ShownModel) => number | null): Claim[] {
  const [kh, bp] = [medianOf('KH'), medianOf('BP')]
  const medians = ORDER.map(medianOf)
  const known = medians.filter((median) => median !== null)
  const falls = known.every(
    (median, index) =>
      index === 0 ||
      (index === known.length - 1 ? median <= (known[index - 1] ?? Infinity) : median < (known[index - 1] ?? Infinity)),
  )
  return [
    {
      text: `KH is more robust than BP against ${NAMES[attack]}`,
      holds: kh === null || bp === null ? null : kh > bp,
      detail: `median critical norm ${shown(kh)} against ${shown(bp)}`,
    },
    {
      text: `Robustness against ${NAMES[attack]} decreases in the order KH, L2, JReg, BP, SpecReg`,
      holds: known.length < medians.length ? null : falls,
      detail: ORDER.map((model, index) => `${model} ${shown(medians[index] ?? null)}`).join(', '),
    },
  ]
}
