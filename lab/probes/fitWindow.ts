import { defaultWindow, imageShape, type RankWindow, type SpectrumRequest } from '../../contract/index.js'
import type { ProbeSubjectInput } from '../compute/probeJobs.js'
import type { LabContext } from '../context.js'

/** Ranks that a spectrum can have at most, before it is measured. */
function ranksOf({ source, images, units, dataset }: SpectrumRequest, subject: ProbeSubjectInput | null): number {
  const entries = imageShape(dataset).reduce((product, length) => product * length, 1)
  const own =
    subject === null
      ? entries
      : source === 'logits' && 'classes' in subject.record.facts
        ? subject.record.facts.classes
        : subject.record.facts.hiddenUnits
  return Math.min(own, units?.at(-1) ?? own, images === null ? own : images - 1)
}

/**
 * The window of a spectrum whose request leaves it open: the one that the model's own run fits its hidden layer with, else the default
 * one for as many ranks as the spectrum can have.
 */
export async function fitWindowOf(
  { archive }: Pick<LabContext, 'archive'>,
  request: SpectrumRequest,
  subject: ProbeSubjectInput | null,
): Promise<RankWindow> {
  if (request.window !== null) return request.window
  const ranks = ranksOf(request, subject)
  const scope = request.dataset.kind === 'gaussianNoise' ? 'noise' : 'dataset'
  const run =
    scope === 'dataset' && request.source === 'hidden'
      ? /^(r-[0-9a-f]{4,32})(?:\/pruned)?$/.exec(request.model ?? '')?.[1]
      : undefined
  const spec = run === undefined ? null : ((await archive.read(run).catch(() => null))?.spec ?? null)
  if (spec !== null && spec.probes.windowStart + 2 <= Math.min(spec.probes.windowEnd, ranks))
    return [spec.probes.windowStart, Math.min(spec.probes.windowEnd, ranks)]
  return defaultWindow(scope, ranks)
}
