import { z } from 'zod'
import { numericalRank, type RunId, type SpectrumSource } from '../contract/index.js'
import type { LabContext } from './context.js'
import { parseOwnJson } from './files/json.js'
import { ifUseless } from './files/missing.js'
import { readLayer } from './handlers/layer.js'
import { readPruning } from './pruningFile.js'

/** Which spectrum of which layer. */
export interface SpectrumQuestion {
  id: RunId
  layer: 'raw' | 'pruned'
  source: SpectrumSource
  /** Null takes the run's own probe setting. */
  images: number | null
}

/** A measured spectrum, without its fit: the window may change, the eigenvalues stay. */
export interface MeasuredSpectrum {
  eigenvalues: Float64Array
  /** Numerical rank. */
  rank: number
  participationRatio: number
  images: number
}

const stored = z.looseObject({ epoch: z.number(), prunedAt: z.string().nullable(), asked: z.number(), images: z.number(), /** Absent in files of older programs. */ rank: z.number().optional(), participationRatio: z.number(), eigenvalues: z.array(z.number()) })

/**
 * Measures a covariance spectrum (section 5.1), or reads the one that was measured of this very layer before.
 *
 * Kept in the run's folder as `spectra/<layer>-<source>-<images>.json`; decimal numbers of JSON keep every bit of a float64.
 *
 * @throws LabError `run.nothingToShow` when the run has no such layer yet, `cancelled`
 */
export async function measureSpectrum(
  context: LabContext, { id, layer: which, source, images }: SpectrumQuestion, signal: AbortSignal, onProgress: (progress: { done: number; total: number }) => void,
): Promise<MeasuredSpectrum> {
  const { archive, places } = context
  const { layer, spec, setting, epoch } = await readLayer(context, id, which)
  const asked = images ?? spec.probes.spectrumImages
  const prunedAt = which === 'pruned' ? (await readPruning(archive, id))?.prunedAt ?? null : null
  const path = `spectra/${which}-${source}-${asked}.json`

  const known = await archive.readFile(id, path).then((bytes) => stored.safeParse(parseOwnJson(bytes, path)).data).catch(ifUseless(undefined))
  if (known !== undefined && known.epoch === epoch && known.prunedAt === prunedAt) {
    const eigenvalues = Float64Array.from(known.eigenvalues)
    return { eigenvalues, rank: known.rank ?? numericalRank(eigenvalues, { images: known.images }), participationRatio: known.participationRatio, images: known.images }
  }
  // The compute thread is faster; it is free while no run computes.
  const thread = context.queue.runningIds.length === 0 && context.compute.load === 0 ? context.compute : context.analysis
  const measured = await thread.ask('spectrum', { setting, layer, source, images: asked, places }, { signal, onEvent: onProgress })
  const text = JSON.stringify({ layer: which, source, epoch, prunedAt, asked, images: measured.images, rank: measured.rank, participationRatio: measured.participationRatio, eigenvalues: [...measured.eigenvalues] })
  await archive.writeFile(id, path, new TextEncoder().encode(`${text}\n`))
  return measured
}
