import { z } from 'zod'
import { LabError, type PruningPlan, type PruningRecord, type RunId } from '../contract/index.js'
import type { Archive } from './archive/archive.js'
import { PRUNING_FILE } from './archive/paths.js'
import { nextName } from './archive/replacement.js'

const form = z.looseObject({
  prunedAt: z.string(),
  cutoff: z.number().nullable(),
  removedUnits: z.array(z.int().min(0)),
})

/** A pruning as it lies beside its run. */
export type StoredPruning = z.infer<typeof form>

/** Stores what was pruned and why, readable without the program, under its {@link nextName}. */
export async function writePruning(
  archive: Archive,
  id: RunId,
  record: PruningRecord,
  plan: PruningPlan,
): Promise<void> {
  const removedUnits = [...plan.removed.entries()].filter(([, removed]) => removed === 1).map(([unit]) => unit)
  const text = JSON.stringify({ ...record, removedUnits, mixtures: plan.mixtures, notes: plan.notes }, null, 2)
  await archive.writeFile(id, nextName(PRUNING_FILE), new TextEncoder().encode(`${text}\n`))
}

/** @returns null when the run was not pruned. @throws LabError `file.damaged` */
export async function readPruning(archive: Archive, id: RunId): Promise<StoredPruning | null> {
  if ((await archive.read(id)).record.pruning === null) return null
  const bytes = await archive.readFile(id, PRUNING_FILE)
  try {
    return form.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (error) {
    throw new LabError('file.damaged', `${PRUNING_FILE} of ${id} cannot be read`, { run: id }, error)
  }
}
