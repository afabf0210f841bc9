import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { DoctorCheck } from '../../contract/index.js'
import type { Archive } from '../archive/archive.js'
import { keptAside } from '../archive/problems.js'
import type { LabContext } from '../context.js'
import { earlierHome, logFolder } from '../home.js'
import type { Log } from '../log/log.js'

const GIGABYTE = 1e9
const gigabytes = (bytes: number): string => `${(bytes / GIGABYTE).toFixed(1)} GB`

/** What a full-size run needs with its dataset, checkpoints and figures. */
const NEEDED_DISK_BYTES = 1 * GIGABYTE
const NEEDED_MEMORY_BYTES = 3 * GIGABYTE
const OLDEST_NODE = [20, 19] as const

function nodeCheck(): DoctorCheck {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const good = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  return {
    id: 'system.node',
    group: 'system',
    label: 'Node',
    state: good ? 'good' : 'bad',
    detail: process.versions.node,
    remedy: good ? null : `Install Node ${OLDEST_NODE.join('.')} or later.`,
  }
}

/** An archive that the window of an earlier version wrote and that is not the open one. */
function earlierArchive(open: string): DoctorCheck[] {
  const folder = join(earlierHome() ?? '', 'archive')
  if (earlierHome() === null || folder === open || !existsSync(folder)) return []
  return [
    {
      id: 'archive.earlier',
      group: 'archive',
      label: 'Earlier archive',
      state: 'warning',
      detail: `${folder} contains another archive, written by the window of an earlier version`,
      remedy: `Open it with --archive ${folder}, or remove it.`,
    },
  ]
}

/** Files of the archive that cannot be used, and those that were kept under another name. */
async function archiveFiles({ folder, problems }: Pick<Archive, 'folder' | 'problems'>): Promise<DoctorCheck[]> {
  const checks = problems.list().map((detail, index): DoctorCheck => ({
    id: `archive.problem.${index + 1}`,
    group: 'archive',
    label: 'Archive file',
    state: 'warning',
    detail,
    remedy: 'Restore the file from a backup, or continue without it.',
  }))
  const kept = await keptAside(folder)
  if (kept.length === 0) return checks
  return [
    ...checks,
    {
      id: 'archive.kept',
      group: 'archive',
      label: 'Files kept aside',
      state: 'warning',
      detail: `${folder} contains ${kept.join(', ')}`,
      remedy: 'Copy what you need from them, then delete them.',
    },
  ]
}

/** The log of this program; `lab doctor` names the folder in which those of windows lie. */
function logCheck(log: Log | undefined): DoctorCheck {
  const errors = log?.errors ?? 0
  return {
    id: 'system.log',
    group: 'system',
    label: 'Log',
    state: errors === 0 ? 'good' : 'warning',
    detail: `${log?.path ?? logFolder()}${errors === 0 ? '' : `, ${errors} ${errors === 1 ? 'error' : 'errors'} since the start`}`,
    remedy: errors === 0 ? null : 'Open the log to see what failed, and attach it to a report.',
    folder: log?.folder ?? logFolder(),
  }
}

/** The folder itself, or the nearest one above it that exists: an archive is created only when something is written. */
const existingFolder = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : existingFolder(dirname(folder))

/** Disk, memory, CPU and Node. */
export async function systemChecks({ archive, options }: LabContext): Promise<DoctorCheck[]> {
  const disk = await statfs(existingFolder(archive.folder))
  const free = disk.bavail * disk.bsize
  const memory = totalmem()
  return [
    {
      id: 'archive.space',
      group: 'archive',
      label: 'Archive',
      state: free >= NEEDED_DISK_BYTES ? 'good' : 'warning',
      detail: `${archive.folder}, ${gigabytes(free)} free`,
      remedy:
        free >= NEEDED_DISK_BYTES
          ? null
          : `Free some space or choose another folder with --archive; a full-size run takes up to ${gigabytes(NEEDED_DISK_BYTES)}.`,
    },
    ...earlierArchive(archive.folder),
    ...(await archiveFiles(archive)),
    nodeCheck(),
    logCheck(options.log),
    {
      id: 'system.memory',
      group: 'system',
      label: 'Memory',
      state: memory >= NEEDED_MEMORY_BYTES ? 'good' : 'warning',
      detail: `${gigabytes(memory)}, ${gigabytes(freemem())} free now`,
      remedy: memory >= NEEDED_MEMORY_BYTES ? null : 'Use fewer hidden units; a full-size run takes 2.5 GB.',
    },
    {
      id: 'system.processors',
      group: 'system',
      label: 'CPU',
      state: 'good',
      detail: `${availableParallelism()} threads, ${cpus()[0]?.model.trim() ?? 'unknown model'}`,
      remedy: null,
    },
  ]
}
