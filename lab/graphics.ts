import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ComputeDevice } from '../contract/index.js'

const NVIDIA = '/proc/driver/nvidia/gpus'
const DRM = '/sys/class/drm'
const VENDORS: Record<string, string> = { '0x10de': 'NVIDIA', '0x1002': 'AMD', '0x8086': 'Intel' }
const MEBIBYTE = 1048576

/** A graphics processor of this machine. */
export interface GraphicsAdapter {
  vendor: 'NVIDIA' | 'AMD' | 'Intel'
  name: string
  /** Null when the driver does not report it. */
  memoryBytes: number | null
}

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

/** What NVIDIA's own tool says, also on Windows; empty without it. */
async function nvidiaAdapters(): Promise<GraphicsAdapter[]> {
  try {
    const { stdout } = await promisify(execFile)(
      'nvidia-smi',
      ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'],
      { timeout: 10_000 },
    )
    return stdout
      .trim()
      .split('\n')
      .filter((line) => line.includes(','))
      .map((line) => {
        const [name = 'NVIDIA', memory] = line.split(',').map((part) => part.trim())
        return {
          vendor: 'NVIDIA',
          name,
          memoryBytes: Number.isFinite(Number(memory)) ? Number(memory) * MEBIBYTE : null,
        }
      })
  } catch {
    return []
  }
}

/** Graphics processors of this machine; looked for by their drivers' files on Linux, and by nvidia-smi everywhere. */
export async function findGraphics(): Promise<GraphicsAdapter[]> {
  const nvidia = await nvidiaAdapters()
  if (nvidia.length > 0) return nvidia
  const models = await Promise.all(
    (await list(NVIDIA)).map(async (id): Promise<GraphicsAdapter> => {
      const text = await readFile(join(NVIDIA, id, 'information'), 'utf8').catch(() => '')
      return { vendor: 'NVIDIA', name: /^Model:\s*(.+)$/m.exec(text)?.[1] ?? 'NVIDIA', memoryBytes: null }
    }),
  )
  if (models.length > 0) return models
  const cards = (await list(DRM)).filter((name) => /^card\d+$/.test(name))
  const found = await Promise.all(
    cards.map(async (card): Promise<GraphicsAdapter | null> => {
      const vendor = VENDORS[(await readFile(join(DRM, card, 'device', 'vendor'), 'utf8').catch(() => '')).trim()]
      const memory = Number(await readFile(join(DRM, card, 'device', 'mem_info_vram_total'), 'utf8').catch(() => ''))
      return vendor === undefined
        ? null
        : {
            vendor: vendor as GraphicsAdapter['vendor'],
            name: `${vendor} graphics`,
            memoryBytes: memory > 0 ? memory : null,
          }
    }),
  )
  return found.filter((adapter) => adapter !== null)
}

/** An adapter as the device that computes. */
export const deviceOf = ({ name, memoryBytes }: GraphicsAdapter): ComputeDevice => ({
  kind: 'graphics',
  name,
  memoryBytes,
})
