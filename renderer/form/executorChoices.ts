import type { LabInfo } from '../../contract/index.js'
import { adapterWords, missingWords } from '../executorWords.js'
import type { FormField } from './fields.js'

/** The field of the executor with what is known of each on this machine: whether it works, and why not. */
export function withExecutors(field: FormField, info: LabInfo | null): FormField {
  if (field.path !== 'executor' || info === null) return field
  const choices = field.choices.map((choice) => {
    if (choice.value === 'auto') return { ...choice, note: `takes ${info.executor}` }
    const status = info.executors.find(({ name }) => name === choice.value)
    if (status === undefined) return choice
    return { ...choice, note: status.works ? ['works here', adapterWords(status.device)].filter((part) => part !== null).join(', ') : `not here: ${missingWords(status)}` }
  })
  return { ...field, choices }
}
