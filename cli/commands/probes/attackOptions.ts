import { Option, type Command } from 'commander'
import {
  ATTACK_KINDS,
  ATTACKS,
  attackOf,
  LabError,
  readNumber,
  settingOptions,
  type AttackKind,
  type AttackSpec,
  type SettingOption,
  orText,
} from '../../../contract/index.js'
import { refusing } from '../options.js'

/** An option of one or several attacks. */
interface SharedOption extends SettingOption {
  attacks: { kind: AttackKind; usual: unknown }[]
}

/** `random, fgsm or pgd`. */
const KINDS = orText(ATTACK_KINDS)

/** The options of all attacks by flag; settings of the same flag share one. */
function sharedOptions(): SharedOption[] {
  const shared = new Map<string, SharedOption>()
  for (const { kind, settings, first } of ATTACKS) {
    for (const option of settingOptions(settings)) {
      const known = shared.get(option.flag) ?? { ...option, attacks: [] }
      known.attacks.push({ kind, usual: (first as Record<string, unknown>)[option.key] })
      shared.set(option.flag, known)
    }
  }
  return [...shared.values()]
}

/** Help of an option: what it does, for which attacks, and its default. */
function helpOf({ help, attacks, isSwitch }: SharedOption): string {
  const usual = new Set(attacks.map((attack) => attack.usual))
  const value =
    usual.size === 1 && !isSwitch && attacks[0]?.usual !== null ? `; default: ${String(attacks[0]?.usual)}` : ''
  return `${help} (${attacks.map(({ kind }) => kind).join(', ')}${value})`
}

/** Adds `--attack` and the options of all attacks. */
export function addAttackOptions(command: Command, help = `attack type: ${KINDS}`): Command {
  command.option('--attack <kind>', help)
  for (const option of sharedOptions()) {
    const added = new Option(option.flag, helpOf(option))
    command.addOption(option.isSwitch ? added : added.argParser(refusing(option.read ?? readNumber)))
  }
  return command
}

/** Options of attacks among those of a command, as they are written. */
function givenOptions(options: object): string[] {
  const values = options as Record<string, unknown>
  return ['attack', ...sharedOptions().map(({ name }) => name)]
    .filter((name) => values[new Option(`--${name}`).attributeName()] !== undefined)
    .map((name) => `--${name}`)
}

/** @throws LabError `usage` when options of an attack are given where there is none */
export function expectNoAttack(options: object, reason: string): void {
  const given = givenOptions(options)
  if (given.length > 0) throw new LabError('usage', `${given.join(', ')}: ${reason}`, { options: given.join(', ') })
}

/**
 * The attack of a command.
 *
 * @param options - of a command with {@link addAttackOptions}
 * @param usual - the attack when `--attack` is absent; refused when there is none
 * @throws LabError `usage` for an unknown attack, or an option that another attack has
 */
export function attackFrom(options: object, usual?: AttackKind): AttackSpec {
  const values = options as Record<string, unknown>
  const wanted = values['attack'] ?? usual
  const kind = ATTACK_KINDS.find((known) => known === wanted)
  if (kind === undefined)
    throw new LabError('usage', `expected --attack ${KINDS}, got ${wanted === undefined ? 'none' : String(wanted)}`)
  const { first, schema } = attackOf(kind)
  const chosen: Record<string, unknown> = { ...first }
  for (const option of sharedOptions()) {
    const value = values[new Option(option.flag).attributeName()]
    if (value === undefined) continue
    if (!option.attacks.some((attack) => attack.kind === kind))
      throw new LabError(
        'usage',
        `--${option.name} is an option of ${option.attacks.map((attack) => attack.kind).join(' and ')}, not of ${kind}`,
        { option: option.name, attack: kind },
      )
    chosen[option.key] = value
  }
  const parsed = schema.safeParse(chosen)
  // Ranges are checked again with the whole request, which names the place.
  return (parsed.success ? parsed.data : chosen) as AttackSpec
}
