import { LabError, parseExperiment, type ExperimentSpec } from '../../../contract/index.js'

/** A complete spec takes a few kilobytes; anything larger is another kind of file. */
const LARGEST_BYTES = 1_000_000

/**
 * Reads an experiment from a JSON file.
 *
 * @throws LabError `spec.invalid`, `spec.unknownKey` or `spec.newerVersion`, with the file's name
 */
export async function readSpecFile(file: File): Promise<ExperimentSpec> {
  if (file.size > LARGEST_BYTES)
    throw new LabError('spec.invalid', `expected the JSON of an experiment in ${file.name}, got ${file.size} bytes`, {
      file: file.name,
    })
  const text = await file.text()
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (thrown) {
    throw new LabError(
      'spec.invalid',
      `${file.name} is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      { file: file.name },
      thrown,
    )
  }
  return parseExperiment(content)
}

/** The file of an experiment, as `lab run` takes it. */
export const specText = (spec: ExperimentSpec): string => `${JSON.stringify(spec, null, 2)}\n`

/** Offers text as a download. */
export function downloadText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = fileName
  anchor.click()
  URL.revokeObjectURL(url)
}
