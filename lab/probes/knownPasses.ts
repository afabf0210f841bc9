import { drawsNumbers, type ProbedModel, type RobustnessPass, type SweepRecord } from '../../contract/index.js'
import { hashOf } from '../files/hash.js'
import type { SweepStore } from './sweepStore.js'

/** A pass that another sweep has measured. */
export interface KnownPass {
  pass: RobustnessPass
  of: SweepRecord
}

/** All that decides the numbers of a pass, but for the model and the seed; neither batches nor intervals do. */
function origin({ request, versions }: SweepRecord): string {
  const { attack, grid, dataset, split, images, criticalOnly, executor } = request
  return hashOf({ attack, grid, dataset, split, images, criticalOnly, executor, versions })
}

/**
 * Looks whether this very model has been attacked in the same way before: the same content, attack, sizes, images, seed, executor and program.
 *
 * @param record - the sweep that needs the pass
 * @param others - sweeps of the archive
 */
export async function knownPass(
  record: SweepRecord,
  model: ProbedModel,
  seed: number,
  others: readonly SweepRecord[],
  store: Pick<SweepStore, 'pass'>,
): Promise<KnownPass | null> {
  const wanted = origin(record)
  for (const other of others) {
    const {
      models,
      request: { seeds },
    } = other
    if (
      other.id === record.id ||
      origin(other) !== wanted ||
      (record.executor !== null && other.executor !== record.executor)
    )
      continue
    const place = models.findIndex(({ hash, imageNorm }) => hash === model.hash && imageNorm === model.imageNorm)
    const order = drawsNumbers(record.request.attack) ? seeds.indexOf(seed) : 0
    if (place < 0 || order < 0) continue
    // One that is damaged, or being removed, is no reason for this sweep to fail: its pass is measured.
    const pass = await store.pass(other.id, place * seeds.length + order).catch(() => null)
    if (pass !== null) return { pass: { ...pass, model, seed }, of: other }
  }
  return null
}
