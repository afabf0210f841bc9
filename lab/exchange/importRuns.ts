import { join, resolve } from 'node:path'
import { asLabError, LabError, type RunId } from '../../contract/index.js'
import type { ImportOutcome, ImportRequest } from '../../contract/library/exchange.js'
import type { ImportedRun } from '../../contract/library/imported.js'
import { LABEL_LIMITS, tagText } from '../../contract/library/edits.js'
import type { LabContext } from '../context.js'
import { flattened } from '../library/flatten.js'
import { findHistories, historyOfFile, type FoundHistory } from './findHistories.js'
import type { HistoryFacts } from './readHistory.js'

const isoOf = (ms: number | null): string | null =>
  ms !== null && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : null

/** As many as one edit may set. */
const MOST_TAGS = 50

/** Tags that the library can hold. */
const usableTags = (tags: readonly string[]): string[] => [
  ...new Set(
    tags.flatMap((tag) => {
      const parsed = tagText.safeParse(tag)
      return parsed.success ? [parsed.data] : []
    }),
  ),
]

function seedOf(settings: Readonly<Record<string, unknown>>): number | null {
  const seed = flattened(settings)['seed']
  return typeof seed === 'number' && Number.isSafeInteger(seed) ? seed : null
}

function runOf({ source, format, name, files }: FoundHistory, facts: HistoryFacts): Omit<ImportedRun, 'id'> {
  const title = (facts.name || name).trim().slice(0, LABEL_LIMITS.name)
  return {
    version: 1,
    name: title === '' ? source.slice(0, LABEL_LIMITS.name) : title,
    tags: usableTags(facts.tags).slice(0, MOST_TAGS),
    note: facts.note.slice(0, LABEL_LIMITS.note),
    origin: {
      format,
      path: facts.key === '' ? source : `${source}#${facts.key}`,
      files: files.map((file) => file.name),
      tool: facts.tool,
      sha256: facts.sha256,
      bytes: facts.bytes,
      importedAt: new Date().toISOString(),
    },
    startedAt: isoOf(facts.startedMs),
    finishedAt: isoOf(facts.finishedMs),
    computeSeconds: facts.computeSeconds,
    seed: seedOf(facts.settings),
    step: facts.step,
    epoch: facts.epoch,
    values: facts.values,
    results: facts.results,
    faults: facts.faults,
  }
}

const refusal = (source: string, error: unknown): ImportOutcome => ({
  source,
  run: null,
  known: false,
  trashed: false,
  refused: asLabError(error).message,
})

/**
 * Imports runs of other programs. A file that cannot be read does not keep the others from being imported.
 *
 * @returns what became of each run that was found
 * @throws LabError `cancelled`, and the first refusal where nothing at all could be imported
 */
export async function importRuns(
  { analysis, imported, labels, uploads }: Pick<LabContext, 'analysis' | 'imported' | 'labels' | 'uploads'>,
  { sources }: ImportRequest,
  signal: AbortSignal,
): Promise<ImportOutcome[]> {
  const outcomes: ImportOutcome[] = []
  const errors: unknown[] = []
  const isTrashed = (id: RunId): boolean => labels.of({ id, tags: [] }).trashedAt !== null
  const take = async (found: FoundHistory): Promise<void> => {
    await imported.beside(async (folder) => {
      const request = { format: found.format, files: found.files, folder }
      for (const facts of await analysis.ask('history', request, { signal })) {
        const { run, known } = await imported.add(runOf(found, facts), facts.settings, join(folder, facts.metrics))
        const source = facts.key === '' ? found.source : `${found.source}#${facts.key}`
        outcomes.push({ source, run, known, trashed: known && isTrashed(run.id), refused: null })
      }
    })
  }
  const refuse = (source: string, error: unknown): void => {
    if (signal.aborted) throw new LabError('cancelled', 'the import was cancelled', {}, error)
    errors.push(error)
    outcomes.push(refusal(source, error))
  }
  for (const source of sources) {
    const shown = 'path' in source ? source.path : source.fileName
    try {
      const found =
        'path' in source
          ? await findHistories(resolve(source.path))
          : [await historyOfFile(uploads.pathOf(source.upload), source.fileName)]
      for (const history of found) await take(history).catch((error: unknown) => refuse(history.source, error))
    } catch (error) {
      refuse(shown, error)
    } finally {
      if ('upload' in source) await uploads.remove(source.upload)
    }
  }
  if (outcomes.every(({ run }) => run === null)) throw errors[0] ?? new LabError('file.invalid', 'nothing was found')
  return outcomes
}
