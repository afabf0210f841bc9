import { DATASETS, LabError, numericalRank, type ModelSpectrum, type RunId } from '../../contract/index.js'
import type { ComparedSpectrum, SpectrumSet } from '../../contract/compare/probes.js'
import type { LabContext } from '../context.js'
import { hashOf } from '../files/hash.js'
import { runsOfModels } from './runOfModel.js'

/** A spectrum with what it is of. */
interface FoundSpectrum {
  key: string
  label: string
  createdAt: string
  spectrum: ComparedSpectrum
}

const SOURCES = { hidden: 'hidden layer', latent: 'latent', logits: 'logits', data: 'raw data' } as const

function ofResult(result: ModelSpectrum, run: RunId, form: 'raw' | 'pruned'): FoundSpectrum {
  const { request, eigenvalues, fit, fitNote, rank, id, images, origin } = result
  const { source, dataset, split, imageNorm } = request
  const layer = `${form === 'pruned' ? 'pruned ' : ''}${SOURCES[source]}`
  return {
    key: hashOf({ source, dataset: origin.dataset, split, imageNorm, images, form }).slice(0, 8),
    label: `${layer}, ${images} ${DATASETS[dataset.kind].label} ${split === 'test' ? 'test' : 'training'} images`,
    createdAt: origin.createdAt,
    spectrum: { run, id, eigenvalues, fit, fitNote, rank },
  }
}

/** The spectrum that a run recorded last while it learnt; null where it recorded none. */
async function recorded({ archive, analysis }: LabContext, id: RunId): Promise<FoundSpectrum | null> {
  const { spec } = await archive.read(id)
  const array = await archive.readArray(id, 'spectrum', null).catch((error: unknown) => {
    if (error instanceof LabError && error.code === 'run.nothingToShow') return null
    throw error
  })
  if (array === null || !(array.data instanceof Float64Array)) return null
  const { windowStart, windowEnd, spectrumImages } = spec.probes
  const eigenvalues = array.data
  const rank = numericalRank(eigenvalues, { images: spectrumImages })
  const window: [number, number] = [windowStart, Math.min(windowEnd, eigenvalues.length)]
  const { fit, fitNote } = await analysis.ask('spectrumFits', { eigenvalues, window, rank })
  return {
    key: hashOf({ recorded: true, dataset: spec.dataset, spectrumImages }).slice(0, 8),
    label: `hidden layer as recorded by the runs, ${spectrumImages} ${DATASETS[spec.dataset.kind].label} images`,
    createdAt: '',
    spectrum: { run: id, id: null, eigenvalues, fit, fitNote, rank },
  }
}

/** Stored spectra of these groups; sets of most runs come first. */
export async function spectrumSets(
  context: LabContext,
  groups: readonly (readonly RunId[])[],
  places: ReadonlyMap<RunId, number>,
): Promise<SpectrumSet[]> {
  const { archive, spectra } = context
  const runOf = runsOfModels(await archive.list())
  const stored = (await spectra.list()).flatMap((result) => {
    const run = result.request.model === null ? null : runOf(result.request.model)
    return run !== null && places.has(run.id) ? [ofResult(result, run.id, run.form)] : []
  })
  const ofRuns = await Promise.all(
    // A run that was deleted or whose files are damaged has no spectrum; the comparison names it.
    [...places.keys()].map((id) => recorded(context, id).catch(() => null)),
  )
  const newestFirst = [
    ...stored.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
    ...ofRuns.filter((one) => one !== null),
  ]
  const sets = new Map<string, SpectrumSet>()
  for (const { key, label, spectrum } of newestFirst) {
    const set = sets.get(key) ?? { key, label, groups: groups.map(() => []) }
    sets.set(key, set)
    const own = set.groups[places.get(spectrum.run) ?? -1]
    if (own?.every(({ run }) => run !== spectrum.run) === true) own.push(spectrum)
  }
  const runsOf = ({ groups: own }: SpectrumSet): number => own.flat().length
  return [...sets.values()].sort((a, b) => runsOf(b) - runsOf(a))
}
