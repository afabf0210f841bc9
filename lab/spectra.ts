import { z } from 'zod'
import { numericalRank, type RunId, type SpectrumSource } from '../contract/index.js'
import { threadFor } from './compute/interactiveThread.js'
import type { LabContext } from './context.js'
import { hashOf } from './files/hash.js'
import { parseOwnJson } from './files/json.js'
import { ifUseless } from './files/missing.js'
import { readLayer } from './models/runLayer.js'
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

const stored = z.looseObject({
  epoch: z.number(),
  prunedAt: z.string().nullable(),
  asked: z.number(),
  images: z.number(),
  /** Absent in files of older programs. */ rank: z.number().optional(),
  /** Absent in files of older programs. */ versions: z.record(z.string(), z.string()).optional(),
  participationRatio: z.number(),
  eigenvalues: z.array(z.number()),
})

/**
 * Measures a covariance spectrum (section 5.1), or reads the one that was measured of this very layer before.
 *
 * Kept in the run's folder as `spectra/<layer>-<source>-<images>.json`; decimal numbers of JSON keep every bit of a float64.
 *
 * @throws LabError `run.nothingToShow` when the run has no such layer yet, `cancelled`
 */
export async function measureSpectrum(
  context: LabContext,
  { id, layer: which, source, images }: SpectrumQuestion,
  signal: AbortSignal,
  onProgress: (progress: { done: number; total: number }) => void,
): Promise<MeasuredSpectrum> {
  const { archive, places, versions } = context
  const { layer, spec, setting, epoch } = await readLayer(context, id, which)
  const asked = images ?? spec.probes.spectrumImages
  const prunedAt = which === 'pruned' ? ((await readPruning(archive, id))?.prunedAt ?? null) : null
  const path = `spectra/${which}-${source}-${asked}.json`

  const known = await archive
    .readFile(id, path)
    .then((bytes) => stored.safeParse(parseOwnJson(bytes, path)).data)
    .catch(ifUseless(undefined))
  // What another version of the program has measured is measured again, where that can be stored.
  const isCurrent =
    known !== undefined && (context.options.readOnly === true || hashOf(known.versions ?? null) === hashOf(versions))
  if (isCurrent && known.epoch === epoch && known.prunedAt === prunedAt) {
    const eigenvalues = Float64Array.from(known.eigenvalues)
    return {
      eigenvalues,
      rank: known.rank ?? numericalRank(eigenvalues, { images: known.images }),
      participationRatio: known.participationRatio,
      images: known.images,
    }
  }
  // The request names no executor: the run's own computes while its thread is free, WebAssembly otherwise.
  const thread = threadFor(context, 'auto')
  const executor = thread === context.compute ? setting.executor : 'auto'
  const { executor: computed, ...measured } = await thread.ask(
    'spectrum',
    { setting: { ...setting, executor }, layer, source, images: asked, places },
    { signal, onEvent: onProgress },
  )
  const text = JSON.stringify({
    layer: which,
    source,
    epoch,
    prunedAt,
    asked,
    executor: computed,
    versions,
    images: measured.images,
    rank: measured.rank,
    participationRatio: measured.participationRatio,
    eigenvalues: [...measured.eigenvalues],
  })
  // A figure of an archive that is open for reading is drawn all the same.
  if (context.options.readOnly === true) return measured
  await archive.writeFile(id, path, new TextEncoder().encode(`${text}\n`))
  return measured
}
