import { createHash } from 'node:crypto'
import { LabError, type ProbeModel } from '../../contract/index.js'
import type { ProbeSubjectInput } from '../compute/probeJobs.js'
import { readModel, type ModelPlaces } from '../models/resolve.js'

/** p of the original's images where a model does not know its own (section 1.2). */
const USUAL_NORM = 3

/**
 * Finds models by name, run or file.
 *
 * @param imageNorm - p of the images; null takes each model's own, and 3 where it knows none
 * @throws LabError `model.missing`, `run.state` of a run without a model, and as `readModelFile`
 */
export async function probeSubjects(
  places: ModelPlaces,
  models: readonly ProbeModel[],
  imageNorm: number | null,
): Promise<ProbeSubjectInput[]> {
  return Promise.all(
    models.map(async ({ model, label }) => {
      const {
        read: { facts, tensors, hash },
      } = await readModel(places, model, { tensors: true, hash: true })
      if (tensors === null || hash === null) throw new LabError('internal', 'a model was loaded without its tensors')
      const own = 'lebesgueNorm' in facts ? facts.lebesgueNorm : USUAL_NORM
      return { model: { model, label, hash, imageNorm: imageNorm ?? own }, record: { facts, tensors } }
    }),
  )
}

/** Sixteen hexadecimal digits that follow from a request and the models that it names; typed arrays count by their bytes. */
export function requestHash(request: unknown, models: readonly { hash: string }[]): string {
  const plain = JSON.stringify(request, (_, value: unknown) =>
    ArrayBuffer.isView(value)
      ? createHash('sha256')
          .update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
          .digest('hex')
      : value,
  )
  return createHash('sha256')
    .update(plain)
    .update(models.map(({ hash }) => hash).join())
    .digest('hex')
    .slice(0, 16)
}
