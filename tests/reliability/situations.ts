import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** In what an archive is found by several programs that start at once. */
export const SITUATIONS = [
  'fresh',
  'killed',
  'killedInTheMiddle',
  'empty',
  'damaged',
  'renamedHost',
  'foreignHost',
  'earlierVersion',
  'pidReused',
  'takeOver',
] as const
export type Situation = (typeof SITUATIONS)[number]

const LONG_AGO_S = 1_000_000_000
const TOKEN = '00000000-0000-4000-8000-000000000000'

const bootOf = (): string | null => {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return null
  }
}
const deadPid = spawnSync(process.execPath, ['-e', '']).pid

/** The lock that each situation begins with; null for none. */
const LOCKS: Record<Situation, Record<string, unknown> | string | null> = {
  fresh: null,
  killedInTheMiddle: null,
  takeOver: null,
  killed: {
    beat: '0000000007',
    pid: deadPid,
    host: hostname(),
    machine: bootOf(),
    token: TOKEN,
    started: '1',
    socket: null,
  },
  empty: '',
  damaged: '{"beat":"00000',
  renamedHost: {
    beat: '0000000007',
    pid: deadPid,
    host: 'another-name',
    machine: bootOf(),
    token: TOKEN,
    started: '1',
    socket: null,
  },
  foreignHost: {
    beat: '0000000007',
    pid: process.pid,
    host: 'another-machine',
    machine: 'another boot',
    token: TOKEN,
    started: null,
    socket: null,
  },
  earlierVersion: { pid: deadPid, host: hostname(), token: TOKEN, started: '1' },
  pidReused: {
    beat: '0000000007',
    pid: process.pid,
    host: hostname(),
    machine: bootOf(),
    token: TOKEN,
    started: '1',
    socket: null,
  },
}

/** Makes the folder of an archive as it is found. */
export function prepareSituation(folder: string, situation: Situation): void {
  mkdirSync(folder, { recursive: true })
  const lock = LOCKS[situation]
  if (lock === null) return
  const path = join(folder, 'lock.json')
  writeFileSync(path, typeof lock === 'string' ? lock : JSON.stringify(lock))
  utimesSync(path, LONG_AGO_S, LONG_AGO_S)
}
