import type {
  ArrayName,
  ArrayRecord,
  ComputeDevice,
  ExecutorName,
  ExperimentSpec,
  MetricRecord,
  RunNotice,
  RunRecord,
} from '../../../contract/index.js'
import type { Archive } from '../../archive/archive.js'
import type { DataPlaces } from '../../compute/jobTable.js'
import type { WorkerThread } from '../../compute/workerThread.js'
import type { EventBus } from '../../eventBus.js'
import type { SessionTools } from '../kind.js'
import type { Meter } from '../meter.js'

/** What runs need of the lab. */
export interface RunServices {
  archive: Archive
  compute: Pick<WorkerThread, 'start' | 'terminate'>
  places: DataPlaces
  bus: EventBus
  meter: Meter
}

/** What the computing of a run works with. */
export interface RunSession extends RunServices {
  tools: SessionTools<RunRecord>
  spec: ExperimentSpec
  /** The newest array of each name that the experiment reported, stored or not. */
  arrays: Map<ArrayName, ArrayRecord>
  /** Measurements that wait to be stored together. */
  metrics: MetricRecord[]
  /** What computes; null before it has started. */
  opened: { executor: ExecutorName; device: ComputeDevice } | null
}

/** Adds a line to the log of a run. */
export function log(
  { archive, bus, tools }: Pick<RunSession, 'archive' | 'bus' | 'tools'>,
  level: RunNotice['level'],
  topic: string,
  text: string,
  epoch: number | null = tools.record.epoch,
): void {
  const { id } = tools.record
  const notice = { wall: Date.now(), level, topic, text, epoch }
  tools.write(() => archive.appendNotice(id, notice))
  bus.emit('run.notice', { id, notice })
}
