import { deviceText, type ArrayRecord, type MetricRecord } from '../../../contract/index.js'
import type { ExperimentEvent } from '../../compute/jobTable.js'
import { log, type RunSession } from './runSession.js'

/** The record goes to disk no more often than this while only its step changes. */
const RECORD_EVERY_MS = 1000

type EventOf<Type extends ExperimentEvent['type']> = Extract<ExperimentEvent, { type: Type }>

function storeOpened(
  session: RunSession,
  { executor, executorNote, device, datasetHashes, passedOver }: EventOf<'opened'>,
): void {
  const { tools } = session
  const { datasetHashes: known } = tools.first
  if (Object.keys(known).length > 0 && JSON.stringify(known) !== JSON.stringify(datasetHashes)) {
    log(session, 'warning', 'dataset', 'the dataset has changed since this run started')
  }
  session.opened = { executor, device }
  for (const text of passedOver) log(session, 'warning', 'executor', text)
  log(session, 'event', 'executor', `using ${executor} on ${deviceText(device)} (${executorNote})`)
  tools.change({ executor, executorNote, device, datasetHashes })
}

function storeMetric(session: RunSession, measured: EventOf<'metric'>['record']): void {
  const { archive, meter, tools } = session
  const { id } = tools.record
  const metric: MetricRecord = { ...measured, wall: Date.now() }
  session.metrics.push(metric)
  // What is measured while earlier writes are in progress is stored with one write.
  if (session.metrics.length === 1) {
    tools.write(async () => {
      const batch = session.metrics
      session.metrics = []
      await archive.appendMetrics(id, batch)
    })
  }
  if (metric.name === 'testAccuracy' || metric.name === 'trainAccuracy') tools.change({ [metric.name]: metric.value })
  meter.metric(id, metric)
}

function storeArray({ archive, arrays, meter, tools }: RunSession, array: ArrayRecord, keep: boolean): void {
  const { id } = tools.record
  arrays.set(array.name, array)
  if (keep) tools.write(() => archive.writeArray(id, array))
  meter.array(id, array)
}

function storeCheckpoint({ archive, spec, tools }: RunSession, { checkpoint }: EventOf<'checkpoint'>): void {
  const { id, checkpoints } = tools.record
  const { keep } = spec.checkpoints
  tools.write(() => archive.writeCheckpoint(id, checkpoint, keep))
  tools.change({
    epoch: checkpoint.epoch,
    step: checkpoint.step,
    checkpoints: [...new Set([...checkpoints, checkpoint.epoch])].sort((a, b) => a - b).slice(-keep),
  })
  tools.save()
}

function storeFinished(session: RunSession, event: EventOf<'finished'>): void {
  const { archive, arrays, tools } = session
  const { id, epochs } = tools.record
  // A classifier's weights are in its model; the last array of an epoch shows them.
  const weights =
    event.kind === 'localLearning'
      ? { name: 'weights' as const, epoch: epochs, shape: event.weights.shape, data: event.weights.data }
      : arrays.get('weights')
  if (weights !== undefined) storeArray(session, weights, true)
  tools.write(() => archive.writeFile(id, 'model.pty', event.files.pty))
  tools.write(() => archive.writeFile(id, 'model.safetensors', event.files.safetensors))
  tools.change({ verdict: event.kind === 'localLearning' ? event.verdict : null, epoch: epochs, secondsLeft: 0 })
}

/** Stores what an experiment reports, in order, and shows it. */
export function storeEvent(session: RunSession, event: ExperimentEvent): void {
  const { tools } = session
  switch (event.type) {
    case 'opened':
      return storeOpened(session, event)
    case 'started':
      tools.change({ stepsPerEpoch: event.stepsPerEpoch, epochs: event.epochs })
      return tools.save()
    case 'metric':
      return storeMetric(session, event.record)
    case 'array':
      return storeArray(session, event.record, event.keep)
    case 'progress':
      tools.change({ epoch: event.epoch, step: event.step, secondsLeft: event.secondsLeft })
      return tools.msSinceSave > RECORD_EVERY_MS ? tools.save() : undefined
    case 'spectrum':
      return tools.change({
        spectrumSlope: event.fit?.slope ?? null,
        spectrumStandardError: event.fit?.standardError ?? null,
      })
    case 'notice':
      return log(session, event.notice.level, event.notice.topic, event.notice.text, event.notice.epoch)
    case 'checkpoint':
      return storeCheckpoint(session, event)
    case 'finished':
      return storeFinished(session, event)
  }
}
