import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { DoctorCheck } from '../../contract/index.js'
import type { LabContext } from '../context.js'
import { earlierHome } from '../home.js'

const GIGABYTE = 1e9
const gigabytes = (bytes: number): string => `${(bytes / GIGABYTE).toFixed(1)} GB`

/** What a full-size run needs with its dataset, checkpoints and figures. */
const NEEDED_DISK_BYTES = 1 * GIGABYTE
const NEEDED_MEMORY_BYTES = 3 * GIGABYTE
const OLDEST_NODE = [20, 19] as const

function nodeCheck(): DoctorCheck {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const good = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  return { id: 'system.node', group: 'system', label: 'Node', state: good ? 'good' : 'bad', detail: process.versions.node, remedy: good ? null : `Install Node ${OLDEST_NODE.join('.')} or later.` }
}

/** An archive that the window of an earlier version wrote and that is not the open one. */
function earlierArchive(open: string): DoctorCheck[] {
  const folder = join(earlierHome() ?? '', 'archive')
  if (earlierHome() === null || folder === open || !existsSync(folder)) return []
  return [{ id: 'archive.earlier', group: 'archive', label: 'Earlier archive', state: 'warning', detail: `${folder} contains another archive, written by the window of an earlier version`, remedy: `Open it with --archive ${folder}, or remove it.` }]
}

/** The folder itself, or the nearest one above it that exists: an archive is created only when something is written. */
const existingFolder = (folder: string): string => (existsSync(folder) || dirname(folder) === folder ? folder : existingFolder(dirname(folder)))

/** Disk, memory, CPU and Node. */
export async function systemChecks({ archive }: LabContext): Promise<DoctorCheck[]> {
  const disk = await statfs(existingFolder(archive.folder))
  const free = disk.bavail * disk.bsize
  const memory = totalmem()
  return [
    {
      id: 'archive.space', group: 'archive', label: 'Archive', state: free >= NEEDED_DISK_BYTES ? 'good' : 'warning', detail: `${archive.folder}, ${gigabytes(free)} free`,
      remedy: free >= NEEDED_DISK_BYTES ? null : `Free some space or choose another folder with --archive; a full-size run takes up to ${gigabytes(NEEDED_DISK_BYTES)}.`,
    },
    ...earlierArchive(archive.folder),
    nodeCheck(),
    {
      id: 'system.memory', group: 'system', label: 'Memory', state: memory >= NEEDED_MEMORY_BYTES ? 'good' : 'warning', detail: `${gigabytes(memory)}, ${gigabytes(freemem())} free now`,
      remedy: memory >= NEEDED_MEMORY_BYTES ? null : 'Use fewer hidden units; a full-size run takes 2.5 GB.',
    },
    { id: 'system.processors', group: 'system', label: 'CPU', state: 'good', detail: `${availableParallelism()} threads, ${cpus()[0]?.model.trim() ?? 'unknown model'}`, remedy: null },
  ]
}
