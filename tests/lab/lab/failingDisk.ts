import type * as FileSystem from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

type Files = typeof FileSystem

/** A disk that fails at a chosen write below a folder. Locks are left alone: their heartbeat comes at any time. */
export const disk = {
  folder: '',
  /** Writes that still succeed. */
  left: Infinity,
  /** Whether every later write fails too, as on a full disk. */
  staysFull: false,
  failures: 0,
}

/** Lets `left` writes succeed below a folder, and fails the next one. */
export function failAfter(folder: string, left: number, staysFull: boolean): void {
  Object.assign(disk, { folder, left, staysFull, failures: 0 })
}

export const mend = (): void => void Object.assign(disk, { left: Infinity, staysFull: false })

const systemError = (code: 'ENOSPC' | 'EIO', path: string): Error =>
  Object.assign(new Error(`${code}: ${code === 'EIO' ? 'i/o error' : 'no space left on device'}, write '${path}'`), {
    code,
    errno: -1,
    syscall: 'write',
  })

/** Counts a write. @returns whether it is to fail */
function fails(path: unknown): path is string {
  if (typeof path !== 'string' || disk.folder === '' || !path.startsWith(disk.folder) || /lock/.test(path)) return false
  disk.left -= 1
  const failing = disk.staysFull ? disk.left < 0 : disk.left === -1
  if (failing) disk.failures += 1
  return failing
}

/** A handle that fails where disks fail: half way through the bytes, or when they are synced. */
function failingHandle(handle: FileHandle, path: string, stage: number): FileHandle {
  const refuse = (): Promise<never> => Promise.reject(systemError('EIO', path))
  const half = async (bytes: string | Uint8Array): Promise<never> => {
    await handle.write(bytes.slice(0, bytes.length >> 1) as Uint8Array)
    throw systemError('ENOSPC', path)
  }
  return new Proxy(handle, {
    get: (target, key) => {
      if (stage === 1 && (key === 'writeFile' || key === 'appendFile')) return half
      if (stage === 2 && (key === 'sync' || key === 'datasync')) return refuse
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

/** The functions of `node:fs/promises` that write, on the failing disk. For `vi.mock`. */
export function onFailingDisk(real: Files): Files {
  const open = (async (path: string, flags: unknown, mode?: number) => {
    const writes = typeof flags === 'string' && /[wa+]/.test(flags)
    if (!writes || !fails(path)) return real.open(path, flags as string, mode)
    const stage = Math.abs(disk.failures + disk.folder.length + path.length) % 3
    if (stage === 0) throw systemError('ENOSPC', path)
    return failingHandle(await real.open(path, flags, mode), path, stage)
  }) as Files['open']
  const guarded =
    <Values extends unknown[], Result>(
      work: (...values: Values) => Promise<Result>,
      target: (values: Values) => unknown = ([path]) => path,
    ) =>
    async (...values: Values): Promise<Result> => {
      const path = target(values)
      if (fails(path)) throw systemError('ENOSPC', path)
      return work(...values)
    }
  const files = {
    ...real,
    open,
    // A full disk still lets files change their names.
    rename: guarded(real.rename, ([, to]) => (disk.staysFull ? null : to)),
    link: guarded(real.link, ([, to]) => to),
    truncate: guarded(real.truncate),
    appendFile: guarded(real.appendFile as (path: string, ...rest: never[]) => Promise<void>),
    writeFile: guarded(real.writeFile as (path: string, ...rest: never[]) => Promise<void>),
  } as Files
  return { ...files, default: files } as Files
}
