import type { z } from 'zod'
import { fieldMeta, type CommandOption } from './field.js'
import { parseNumberText } from './numberText.js'

/** A setting with its option. */
export interface SettingOption extends Omit<CommandOption, 'help'> {
  /** Key in the specification. */
  key: string
  /** `step-size`. */
  name: string
  /** Whether the flag alone sets it. */
  isSwitch: boolean
  help: string
}

/** `linf`, `step-size`: the long name of a flag. */
const nameOf = (flag: string): string => flag.replace(/^--/, '').split(' ')[0] ?? flag

/** The options of settings, in their order; settings without one have no place on the command line. */
export function settingOptions(settings: z.ZodRawShape): SettingOption[] {
  return Object.entries(settings).flatMap(([key, schema]) => {
    const meta = fieldMeta(schema as z.ZodType)
    return meta?.cli === undefined
      ? []
      : [
          {
            ...meta.cli,
            key,
            name: nameOf(meta.cli.flag),
            isSwitch: !meta.cli.flag.includes(' '),
            help: meta.cli.help ?? meta.help,
          },
        ]
  })
}

/** Reads a number: `0.05`, `8/255`, `1e-3`. @throws Error */
export function readNumber(text: string): number {
  const reading = parseNumberText(text)
  if (reading.fault !== null)
    throw new Error(reading.fault === 'empty' ? 'Expected a number, got an empty value.' : reading.message)
  return reading.value
}

/** Reads a whole number. @throws Error */
export function readInteger(text: string): number {
  const number = readNumber(text)
  if (!Number.isSafeInteger(number)) throw new Error(`Expected a whole number, got ${text}.`)
  return number
}

/** The words of settings on a command line; those with their first value are left out. */
export function optionWords(
  settings: z.ZodRawShape,
  spec: object,
  first: object,
  quote: (word: string) => string,
): string[] {
  const [values, usual] = [spec, first] as [Record<string, unknown>, Record<string, unknown>]
  return settingOptions(settings).flatMap(({ key, name, isSwitch, write = String }) => {
    const value = values[key]
    if (value === usual[key] || value === null || value === undefined || value === false) return []
    return [isSwitch ? `--${name}` : `--${name} ${quote(write(value))}`]
  })
}
