import { open, stat } from 'node:fs/promises'
import { asLabError, LabError, type ModelEntry, type ModelFacts, type RunRecord } from '../../contract/index.js'
import type { Archive } from '../archive/archive.js'
import { isMissing } from '../files/missing.js'
import { readModelFacts } from '../formats/index.js'

/** Models that a run may have, by what is put behind its id. */
export const RUN_MODELS = [
  { suffix: '', file: 'model.safetensors' },
  { suffix: '/pruned', file: 'model_pruned.safetensors' },
] as const
const LARGEST_HEAD = 1_000_000

/** The facts from the head of a file; the numbers behind it are not read. */
async function factsOf(path: string): Promise<ModelFacts> {
  const handle = await open(path, 'r')
  try {
    const length = new DataView(new ArrayBuffer(8))
    await handle.read(length, 0, 8, 0)
    const head = 8 + Number(length.getBigUint64(0, true))
    if (head > LARGEST_HEAD) throw new LabError('file.damaged', `${path} has an invalid header length of ${head} bytes`)
    const bytes = new Uint8Array(head)
    const { bytesRead } = await handle.read(bytes, 0, head, 0)
    return readModelFacts(bytes.subarray(0, bytesRead))
  } finally {
    await handle.close()
  }
}

/** The models of one run, as they lie in its folder. */
export async function modelsOfRun(
  archive: Archive,
  { id, name, finishedAt, createdAt, pruning }: RunRecord,
): Promise<ModelEntry[]> {
  const entries = await Promise.all(
    // Files of a pruning that has not ended are no model: its record comes last.
    RUN_MODELS.filter(({ suffix }) => suffix === '' || pruning !== null).map(
      async ({ suffix, file }): Promise<ModelEntry | null> => {
        const path = archive.pathOf(id, file)
        const addedAt = (suffix === '' ? finishedAt : pruning?.prunedAt) ?? createdAt
        const unknown = {
          name: `${id}${suffix}`,
          label: suffix === '' ? name : `${name}, pruned`,
          origin: 'run',
          run: id,
          source: null,
          sha256: null,
          bytes: 0,
          addedAt,
        } as const
        const found = await stat(path).catch((error: unknown) => (isMissing(error) ? null : asLabError(error)))
        if (found === null) return null
        if (found instanceof LabError) return { ...unknown, facts: null, note: found.message }
        const base = { ...unknown, bytes: found.size }
        return factsOf(path).then(
          (facts) => ({ ...base, facts, note: null }),
          (error: unknown) => ({ ...base, facts: null, note: asLabError(error).message }),
        )
      },
    ),
  )
  return entries.filter((entry) => entry !== null)
}
