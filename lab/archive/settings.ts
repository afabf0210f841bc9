import { z } from 'zod'
import { EXECUTOR_NAMES, MOST_SLOTS, SLOT_KINDS, type LabSettings, type RunId } from '../../contract/index.js'
import type { DocumentForm } from './document.js'

/** The form of every setting, in the file and in commands. */
export const SETTING_FORMS = {
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['compact', 'normal', 'comfortable']),
  railLabels: z.boolean(),
  queueHeld: z.boolean(),
  executor: z.enum(['auto', ...EXECUTOR_NAMES]),
  slots: z.int().min(1).max(MOST_SLOTS),
  threadsPerSlot: z.int().min(1).max(1024).nullable(),
  slotKind: z.enum(SLOT_KINDS),
  shortcuts: z.record(
    z
      .string()
      .min(1)
      .max(60)
      .refine((id) => id !== '__proto__'),
    z.string().min(1).max(40),
  ),
} satisfies { [Name in keyof Required<LabSettings>]: z.ZodType<LabSettings[Name]> }

export const DEFAULT_SETTINGS: LabSettings = {
  theme: 'system',
  density: 'normal',
  railLabels: true,
  queueHeld: false,
  executor: 'auto',
  slots: 1,
  threadsPerSlot: null,
  slotKind: 'thread',
  shortcuts: {},
}

/** Settings with what else the file holds: another version's settings are kept. */
export interface StoredSettings {
  settings: LabSettings
  others: Record<string, unknown>
}

const isSetting = (name: string): name is keyof LabSettings => Object.hasOwn(SETTING_FORMS, name)

/** `settings.json`. */
export const SETTINGS_FORM: DocumentForm<StoredSettings> = {
  name: 'settings.json',
  initial: { settings: DEFAULT_SETTINGS, others: {} },
  read: (json) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      return { value: SETTINGS_FORM.initial, faults: ['it is not an object, and the defaults are used'] }
    const [settings, others]: [Record<string, unknown>, Record<string, unknown>] = [{ ...DEFAULT_SETTINGS }, {}]
    const faults: string[] = []
    for (const [name, value] of Object.entries(json)) {
      if (!isSetting(name)) others[name] = value
      else if (SETTING_FORMS[name].safeParse(value).success) settings[name] = value
      else {
        const used = JSON.stringify(DEFAULT_SETTINGS[name])
        faults.push(`${name} cannot be ${JSON.stringify(value)}, and ${used} is used`)
      }
    }
    return { value: { settings: settings as unknown as LabSettings, others }, faults }
  },
  write: ({ settings, others }) => ({ ...others, ...settings }),
}

/** `queue.json`: the waiting runs in their order; runs that it does not name are put behind them. */
export const QUEUE_FORM: DocumentForm<RunId[]> = {
  name: 'queue.json',
  initial: [],
  read: (json) => {
    if (!Array.isArray(json))
      return { value: [], faults: ['it is not a list, and the queued runs are put in the order of their creation'] }
    const ids = json.filter((id): id is RunId => typeof id === 'string')
    return { value: ids, faults: ids.length === json.length ? [] : ['entries that are no runs were left out'] }
  },
  write: (ids) => ids,
}
