import { DATASETS, LabError, type FigureA1Data, type FigureRun } from '../../contract/index.js'
import type { LabContext } from '../context.js'
import { readLearntLayer } from '../models/runLayer.js'
import { readPruning } from '../pruningFile.js'
import { measureSpectrum } from '../spectra.js'

/** @throws LabError `value.range` for a unit that the layer has not, or one that is named twice */
function expectUnits(units: readonly number[], hiddenUnits: number): void {
  const strange = units.find((unit) => unit >= hiddenUnits)
  if (strange !== undefined)
    throw new LabError('value.range', `expected units from 0 to ${hiddenUnits - 1}, got ${strange}`)
  const twice = units.find((unit, index) => units.indexOf(unit) !== index)
  if (twice !== undefined) throw new LabError('value.range', `expected different units, got ${twice} twice`)
}

const none = (): Float64Array => new Float64Array(0)

/** Everything that Figure A1 shows (section 8.6). A run that was not pruned is shown with itself as its pruned half. */
export async function figureA1(
  context: LabContext,
  { run: id, units }: FigureRun,
  signal: AbortSignal,
): Promise<{ data: FigureA1Data; seed: number }> {
  const { analysis, archive, bus } = context
  const raw = await readLearntLayer(context, id, 'raw')
  expectUnits(units ?? [], raw.layer.hiddenUnits)
  const pruning = await readPruning(archive, id)
  const prunedKind = pruning === null ? 'raw' : 'pruned'
  const pruned = pruning === null ? raw : await readLearntLayer(context, id, 'pruned')
  const { variances } = await analysis.ask(
    'prune',
    { spec: raw.spec, layer: raw.layer, mode: 'corrected', cutoff: pruning?.cutoff ?? null, offNorm: null },
    { signal },
  )
  const spectra: Float64Array[] = []
  for (const [layer, source] of [
    ['raw', 'dataset'],
    [prunedKind, 'dataset'],
    ['raw', 'noise'],
    [prunedKind, 'noise'],
  ] as const) {
    const { eigenvalues } = await measureSpectrum(
      context,
      { id, layer, source, images: null },
      signal,
      ({ done, total }) => {
        bus.emit('lab.progress', {
          topic: 'figure.export',
          subject: id,
          done: spectra.length * total + done,
          total: 4 * total,
          unit: 'images',
          text: `${layer} layer, ${source}`,
        })
      },
    )
    spectra.push(eigenvalues)
  }
  const [datasetRaw = none(), datasetPruned = none(), noiseRaw = none(), noisePruned = none()] = spectra
  const facts = DATASETS[raw.spec.dataset.kind]
  return {
    seed: raw.record.seed,
    data: {
      imageShape: facts.shape,
      hiddenUnits: raw.layer.hiddenUnits,
      units: null,
      ...(units === undefined ? {} : { shownUnits: units }),
      rawWeights: raw.layer.data,
      prunedWeights: pruned.layer.data,
      variances,
      cutoff: pruning?.cutoff ?? null,
      spectra: { datasetRaw, datasetPruned, noiseRaw, noisePruned },
      datasetLabel: facts.label,
    },
  }
}
