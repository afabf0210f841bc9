import type { DoctorReport } from '../../contract/index.js'
import type { LabContext } from '../context.js'
import { datasetChecks } from './datasets.js'
import { executorChecks } from './executors.js'
import { gpuChecks } from './gpu.js'
import { hostChecks } from './hosts.js'
import { systemChecks } from './system.js'

/** Looks at everything that the workbench may need, each with one remedy. A check that fails itself is a line of the report. */
export async function examine(context: LabContext): Promise<DoctorReport> {
  const [executors, gpus, datasets, hosts, system] = await Promise.all([
    executorChecks(context),
    gpuChecks(),
    datasetChecks(context),
    hostChecks(),
    systemChecks(context),
  ])
  return { ...executors, checks: [...executors.checks, ...gpus, ...datasets, ...hosts, ...system] }
}
