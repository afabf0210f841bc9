import type { LabInfo } from '../../../contract/index.js'
import { adapterWords, missingWords } from '../../executorWords.js'
import type { FormField } from '../../form/fields.js'

/** The backend field with the state of each backend on this machine. */
export function withExecutors(field: FormField, info: LabInfo | null): FormField {
  if (field.path !== 'executor' || info === null) return field
  const choices = field.choices.map((choice) => {
    if (choice.value === 'auto') return { ...choice, note: `uses ${info.executor}` }
    const status = info.executors.find(({ name }) => name === choice.value)
    if (status === undefined) return choice
    return {
      ...choice,
      note: status.works
        ? ['available', adapterWords(status.device)].filter((part) => part !== null).join(', ')
        : `not available: ${missingWords(status)}`,
    }
  })
  return { ...field, choices }
}
