import { DATASETS, type ExportedFigure, type FigureA1Data, type FigureFormat, type FigureName, type RunId, type StyleName } from '../../contract/index.js'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomically } from '../files/atomicWrite.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { readPruning } from '../pruningFile.js'
import { measureSpectrum } from '../spectra.js'
import { readLearntLayer } from './layer.js'

interface FigureQuestion {
  figure: FigureName
  run: RunId
  style: StyleName
  formats: readonly FigureFormat[]
  dpi: number
}

/** Figures of the paper from archived runs: gathered here, drawn in the analysis thread. */
export function figureHandlers(context: LabContext): SomeHandlers<'figure.render' | 'figure.export'> {
  const { analysis, archive, bus, options } = context

  /** Everything that Figure A1 shows (section 8.6). A run that was not pruned is shown with itself as its pruned half. */
  const gatherA1 = async (id: RunId, signal: AbortSignal): Promise<{ data: FigureA1Data; seed: number }> => {
    const raw = await readLearntLayer(context, id, 'raw')
    const pruning = await readPruning(archive, id)
    const prunedKind = pruning === null ? 'raw' : 'pruned'
    const pruned = pruning === null ? raw : await readLearntLayer(context, id, 'pruned')
    const { variances } = await analysis.ask('prune', { layer: raw.layer, mode: 'corrected', cutoff: pruning?.cutoff ?? null }, { signal })
    const spectra: Float64Array[] = []
    for (const [layer, source] of [['raw', 'dataset'], [prunedKind, 'dataset'], ['raw', 'noise'], [prunedKind, 'noise']] as const) {
      const { eigenvalues } = await measureSpectrum(context, { id, layer, source, images: null }, signal, ({ done, total }) => {
        bus.emit('lab.progress', { topic: 'figure.export', subject: id, done: spectra.length * total + done, total: 4 * total, unit: 'images', text: `${layer} layer, ${source}` })
      })
      spectra.push(eigenvalues)
    }
    const [datasetRaw = none(), datasetPruned = none(), noiseRaw = none(), noisePruned = none()] = spectra
    const facts = DATASETS[raw.spec.dataset.kind]
    return {
      seed: raw.record.seed,
      data: {
        imageShape: facts.shape, hiddenUnits: raw.layer.hiddenUnits, rawWeights: raw.layer.data, prunedWeights: pruned.layer.data, variances,
        cutoff: pruning?.cutoff ?? null, spectra: { datasetRaw, datasetPruned, noiseRaw, noisePruned }, datasetLabel: facts.label,
      },
    }
  }
  const draw = async ({ figure, run, style, formats, dpi }: FigureQuestion, signal: AbortSignal) => {
    const { data, seed } = await gatherA1(run, signal)
    const provenance = { figure, runs: [run], seeds: [seed], style, program: `LocalLearning Workbench ${options.version}`, drawnAt: new Date().toISOString() }
    return { ...(await analysis.ask('figure', { figure, data, style, provenance, formats, dpi }, { signal })), provenance }
  }
  return {
    'figure.render': async ({ figure, run, style }, { signal }) => {
      const { svg, widthMm, heightMm, findings } = await draw({ figure, run, style, formats: [], dpi: 300 }, signal)
      return { svg, widthMm, heightMm, findings }
    },
    'figure.export': async ({ figure, run, style, formats, folder, dpi }, { signal }) => {
      const { files, findings, provenance } = await draw({ figure, run, style, formats, dpi }, signal)
      const exported: ExportedFigure[] = []
      if (folder !== null) await mkdir(folder, { recursive: true })
      const write = async (fileName: string, bytes: Uint8Array): Promise<string> => {
        if (folder === null) {
          await archive.writeFile(run, `figures/${fileName}`, bytes)
          return archive.pathOf(run, `figures/${fileName}`)
        }
        await writeFileAtomically(join(folder, fileName), bytes)
        return join(folder, fileName)
      }
      for (const { format, fileName, bytes } of files) exported.push({ format, fileName, path: await write(fileName, bytes), bytes: bytes.byteLength })
      const [first] = files
      if (first !== undefined) {
        const stem = first.fileName.replace(/\.[^.]+$/, '')
        await write(`${stem}.provenance.json`, new TextEncoder().encode(`${JSON.stringify({ ...provenance, findings }, null, 2)}\n`))
      }
      return exported
    },
  }
}

const none = (): Float64Array => new Float64Array(0)
