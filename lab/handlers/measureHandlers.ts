import {
  isImportedId,
  METRICS,
  type ArrayName,
  type ArrayRecord,
  type MetricName,
  type RunId,
} from '../../contract/index.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { curvesOf } from '../exchange/runMeasures.js'
import { readLayer } from '../models/runLayer.js'

const METRIC_NAMES = Object.keys(METRICS) as MetricName[]

/** What a run has measured and stored: curves, arrays, units, log and files. */
export function measureHandlers(
  context: LabContext,
): SomeHandlers<
  | 'run.metrics'
  | 'run.arrayEpochs'
  | 'run.array'
  | 'run.units'
  | 'run.unitImages'
  | 'run.notices'
  | 'run.files'
  | 'run.readFile'
> {
  const { analysis, archive, places, queue, source } = context

  const readArray = async (id: RunId, name: ArrayName, epoch: number | null): Promise<ArrayRecord> => {
    const latest = queue.latestArray(id, name)
    if (latest !== null && (epoch === null || latest.epoch === epoch)) return latest
    try {
      return await archive.readArray(id, name, epoch)
    } catch (error) {
      if (name !== 'weights' || epoch !== null) throw error
      const { layer, epoch: at } = await readLayer(context, id, 'raw')
      return { name, epoch: at, shape: [layer.hiddenUnits, layer.inputSize], data: layer.data }
    }
  }
  return {
    'run.metrics': async ({ id, names }, { signal }) => {
      if (!isImportedId(id)) return archive.readMetrics(id, names)
      // Measures that both programs call alike can be compared.
      source.expectRun(id)
      const curves = curvesOf(await analysis.ask('measures', { path: source.metricsPath(id) }, { signal }))
      return Object.fromEntries(
        (names ?? METRIC_NAMES).flatMap((name) => (curves[name] === undefined ? [] : [[name, curves[name]]])),
      )
    },
    'run.arrayEpochs': ({ id, name }) => archive.arrayEpochs(id, name),
    'run.array': ({ id, name, epoch }) => readArray(id, name, epoch),
    'run.units': async ({ id }, { signal }) => {
      const { layer, epoch, setting } = await readLayer(context, id, 'raw')
      const statistics = await analysis.ask('units', { layer, lebesgueNorm: setting.lebesgueNorm }, { signal })
      const wins = await readArray(id, 'wins', null).then(
        ({ data }) => Int32Array.from(data),
        () => new Int32Array(layer.hiddenUnits),
      )
      return { epoch, ...statistics, wins }
    },
    'run.unitImages': async ({ id, unit, count, split }, { signal }) => {
      const { layer, setting } = await readLayer(context, id, 'raw')
      return analysis.ask('unitImages', { setting, layer, unit, count, split, places }, { signal })
    },
    'run.notices': ({ id }) => archive.readNotices(id),
    'run.files': ({ id }) => archive.files(id),
    'run.readFile': ({ id, path }) => archive.readFile(id, path),
  }
}
