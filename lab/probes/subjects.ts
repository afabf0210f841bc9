import { createHash } from 'node:crypto'
import type { ModelRecord, ProbeModel } from '../../contract/index.js'
import type { ProbeSubjectInput } from '../compute/probeJobs.js'
import { resolveModel, type ModelPlaces } from '../models/resolve.js'

/** p of the original's images where a model does not know its own (section 1.2). */
const USUAL_NORM = 3

/** sha256 of a model's facts and tensors: the same model has the same hash, whatever file it came from. */
export function modelHash({ facts, tensors }: ModelRecord): string {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(facts).sort()))
  for (const [name, data] of Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1))) if (data !== undefined) hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return hash.digest('hex')
}

/**
 * Finds models by name, run or file.
 *
 * @param imageNorm - p of the images; null takes each model's own, and 3 where it knows none
 * @throws LabError `model.missing`, `run.state` of a run without a model, and as `readModelFile`
 */
export async function probeSubjects(places: ModelPlaces, models: readonly ProbeModel[], imageNorm: number | null): Promise<ProbeSubjectInput[]> {
  return Promise.all(models.map(async ({ model, label }) => {
    const { record } = await resolveModel(places, model)
    const own = 'lebesgueNorm' in record.facts ? record.facts.lebesgueNorm : USUAL_NORM
    return { model: { model, label, hash: modelHash(record), imageNorm: imageNorm ?? own }, record }
  }))
}

/** Sixteen hexadecimal digits that follow from a request and the models that it names; typed arrays count by their bytes. */
export function requestHash(request: unknown, models: readonly { hash: string }[]): string {
  const plain = JSON.stringify(request, (_, value: unknown) => (ArrayBuffer.isView(value) ? createHash('sha256').update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).digest('hex') : value))
  return createHash('sha256').update(plain).update(models.map(({ hash }) => hash).join()).digest('hex').slice(0, 16)
}
