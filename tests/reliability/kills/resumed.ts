import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { faultsOf } from './check.js'
import { differences } from './contents.js'
import { killedAfter, whole, type Program } from './program.js'

/** What kills of one kind of work gave. */
export interface KillReport {
  kind: string
  kills: number
  /** Jobs that went on to their end after kills. */
  finished: number
  /** Of these, those whose files are the same as without a kill. */
  identical: number
  /** Things that a program had acknowledged before it was killed. */
  acknowledged: number
  faults: string[]
}

export const newReport = (kind: string): KillReport => ({
  kind,
  kills: 0,
  finished: 0,
  identical: 0,
  acknowledged: 0,
  faults: [],
})

/** What the kinds are measured with. */
export interface KillOptions {
  folder: string
  kills: number
  /** Uniform in [0, 1). */
  random(): number
  reported(text: string): void
}

/** Work that is started, killed, and continued by another program. */
export interface ResumedWork {
  kind: string
  /** Makes what the work needs. */
  prepare?(home: string): Promise<void>
  /** Starts the work, or continues what an earlier program has begun. */
  start(home: string): Promise<Program>
  /** What is there to show that the text was acknowledged; null when it is. */
  lost?(home: string, printed: string): string | null
  contents(home: string): Map<string, string>
}

/** Kills of one job, before it is let go on to its end. */
const KILLS_A_JOB = 8

async function finish(
  work: ResumedWork,
  home: string,
  report: KillReport,
  expected: Map<string, string>,
): Promise<void> {
  await whole(await work.start(home), `the continued ${work.kind}`)
  report.finished += 1
  report.faults.push(...(await faultsOf(home, true)).map((fault) => `after the end: ${fault}`))
  const different = differences(expected, work.contents(home))
  if (different.length === 0) report.identical += 1
  else report.faults.push(...different)
}

/** Kills programs of one kind of work at random moments; each job goes on after every kill, and at last to its end. */
export async function measureResumed(work: ResumedWork, options: KillOptions): Promise<KillReport> {
  const report = newReport(work.kind)
  const home = (name: string): string => {
    const folder = join(options.folder, `${work.kind}-${name}`)
    mkdirSync(folder, { recursive: true })
    return folder
  }
  const straight = home('straight')
  await work.prepare?.(straight)
  const { seconds } = await whole(await work.start(straight), `the ${work.kind}`)
  const expected = work.contents(straight)
  options.reported(`${work.kind}: ${seconds.toFixed(1)} s without a kill`)
  for (let job = 0; report.kills < options.kills; job++) {
    const own = home(String(job))
    await work.prepare?.(own)
    let over = false
    for (let kill = 0; kill < KILLS_A_JOB && report.kills < options.kills && !over; kill++) {
      const ended = await killedAfter(await work.start(own), options.random() * seconds)
      over = ended.code === 0
      if (ended.code !== null) {
        if (!over) report.faults.push(`ended with ${ended.code}: ${ended.printed}`)
        continue
      }
      report.kills += 1
      const lost = work.lost?.(own, ended.printed) ?? null
      if (work.lost !== undefined) report.acknowledged += 1
      if (lost !== null) report.faults.push(lost)
      report.faults.push(...(await faultsOf(own)))
    }
    if (!over) await finish(work, own, report, expected)
    options.reported(`${work.kind}: ${report.kills} kills, ${report.faults.length} faults`)
    // Kept where something is wrong, to be looked at.
    if (report.faults.length === 0) rmSync(own, { recursive: true, force: true })
  }
  rmSync(straight, { recursive: true, force: true })
  return report
}
