import { deviceText, type DoctorCheck } from '../../contract/index.js'
import { deviceOf, findGraphics } from '../graphics.js'

/** Whether a graphics processor is here; the executors say which of them can use it. */
export async function gpuChecks(): Promise<DoctorCheck[]> {
  const adapters = await findGraphics()
  const none =
    process.platform === 'linux' ? 'none found' : 'no NVIDIA GPU found; other GPUs are not detected on this system'
  return [
    {
      id: 'gpu',
      group: 'gpu',
      label: 'GPU',
      state: adapters.length === 0 ? 'missing' : 'good',
      detail: adapters.length === 0 ? none : adapters.map((adapter) => deviceText(deviceOf(adapter))).join('; '),
      remedy: adapters.length === 0 ? 'No action needed: runs use the CPU.' : null,
    },
  ]
}
