import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DoctorCheck } from '../../contract/index.js'

const NVIDIA = '/proc/driver/nvidia/gpus'
const DRM = '/sys/class/drm'
const VENDORS: Record<string, string> = { '0x10de': 'NVIDIA', '0x1002': 'AMD', '0x8086': 'Intel' }

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

/** Graphics processors as the Linux kernel names them; empty elsewhere. */
async function findGpus(): Promise<string[]> {
  const models = await Promise.all((await list(NVIDIA)).map(async (id) => {
    const text = await readFile(join(NVIDIA, id, 'information'), 'utf8').catch(() => '')
    return /^Model:\s*(.+)$/m.exec(text)?.[1] ?? 'NVIDIA'
  }))
  if (models.length > 0) return models
  const cards = (await list(DRM)).filter((name) => /^card\d+$/.test(name))
  const vendors = await Promise.all(cards.map(async (card) => VENDORS[(await readFile(join(DRM, card, 'device', 'vendor'), 'utf8').catch(() => '')).trim()]))
  return vendors.filter((vendor) => vendor !== undefined)
}

/** Whether a graphics processor is here; this release computes without. */
export async function gpuChecks(): Promise<DoctorCheck[]> {
  const gpus = await findGpus()
  const detail = gpus.length === 0 ? (process.platform === 'linux' ? 'none found' : 'not looked for on this system') : gpus.join(', ')
  return [{
    id: 'gpu', group: 'gpu', label: 'Graphics processor', state: gpus.length === 0 ? 'missing' : 'good', detail: `${detail}; this release computes on the CPU`,
    remedy: gpus.length === 0 ? 'Nothing needs to be done: no executor of this release uses one.' : null,
  }]
}
