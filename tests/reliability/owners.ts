import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepareSituation, SITUATIONS, type Situation } from './situations.js'
import { commonNow, type StarterAnswer, type StarterOrder } from './starterOrders.js'

const STARTER = fileURLToPath(new URL('starter.mjs', import.meta.url))
/** Programs that start at once: two to four. */
const MOST_STARTERS = 4
/** Time from the order to the common moment. */
const LEAD_MS = 15

/** What a number of simultaneous starts gave. */
export interface OwnersReport {
  starts: number
  /** Starts after which more than one program took itself for the owner. */
  doubles: number
  /** Starts after which nobody was, although nobody else had the archive. */
  none: number
  bySituation: Record<Situation, { starts: number; doubles: number; none: number }>
  /** What starters were refused with, and how often. */
  refusals: Record<string, number>
}

class Starter {
  private child: ChildProcess | null = null
  private waiting: ((answer: StarterAnswer | null) => void) | null = null

  async ready(): Promise<void> {
    if (this.child !== null) return
    const child = fork(STARTER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.child = child
    const settle = (answer: StarterAnswer | null): void => {
      const waiting = this.waiting
      this.waiting = null
      waiting?.(answer)
    }
    const begun = this.answer()
    child.on('message', (answer: StarterAnswer) => settle(answer))
    child.once('exit', () => {
      this.child = null
      settle(null)
    })
    await begun
  }

  private answer(): Promise<StarterAnswer | null> {
    return new Promise((resolve) => {
      this.waiting = resolve
    })
  }

  /** @returns null when the process was killed before it answered */
  ask(order: StarterOrder): Promise<StarterAnswer | null> {
    const answer = this.answer()
    this.child?.send(order, () => undefined)
    return answer
  }

  async kill(): Promise<void> {
    const { child } = this
    if (child === null) return
    await new Promise((resolve) => {
      child.once('exit', resolve)
      child.kill('SIGKILL')
    })
  }
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const isOwner = (answer: StarterAnswer | null): boolean => answer !== null && 'owner' in answer && answer.owner

/** One simultaneous start. @returns how many programs own the archive after it */
async function startTogether(
  starters: readonly Starter[],
  folder: string,
  situation: Situation,
  random: () => number,
  refused: (code: string) => void,
): Promise<number> {
  const first = starters[0]
  const takesOver = situation === 'takeOver'
  if (takesOver && first !== undefined) await first.ask({ kind: 'start', folder, atMs: 0, takeOver: false })
  const beginning = takesOver ? starters.slice(1) : starters
  const atMs = commonNow() + LEAD_MS
  const answers = Promise.all(
    beginning.map((starter) => starter.ask({ kind: 'start', folder, atMs, takeOver: takesOver })),
  )
  if (situation === 'killedInTheMiddle' && first !== undefined) {
    await later(LEAD_MS + random() * 25)
    await first.kill()
    // Whoever was refused while it lived has its second try.
    const again = await answers
    await first.ready()
    if (!again.slice(1).some(isOwner)) {
      const secondMs = commonNow() + LEAD_MS
      await Promise.all(
        starters.map((starter) => starter.ask({ kind: 'start', folder, atMs: secondMs, takeOver: false })),
      )
    }
  } else
    for (const answer of await answers) if (answer?.kind === 'started' && answer.error !== null) refused(answer.error)
  const confirmed = await Promise.all(starters.map((starter) => starter.ask({ kind: 'confirm' })))
  return confirmed.filter(isOwner).length
}

/**
 * Starts two to four programs at once over archives in every situation, and counts the owners.
 *
 * @param starts - number of simultaneous starts
 * @param random - uniform in [0, 1)
 */
export async function measureOwners(starts: number, random: () => number = Math.random): Promise<OwnersReport> {
  const root = mkdtempSync(join(tmpdir(), 'workbench-owners-'))
  const starters = Array.from({ length: MOST_STARTERS }, () => new Starter())
  const bySituation = Object.fromEntries(
    SITUATIONS.map((situation) => [situation, { starts: 0, doubles: 0, none: 0 }]),
  ) as OwnersReport['bySituation']
  const refusals: Record<string, number> = {}
  try {
    await Promise.all(starters.map((starter) => starter.ready()))
    for (let start = 0; start < starts; start++) {
      const situation = SITUATIONS[start % SITUATIONS.length] as Situation
      const folder = join(root, String(start))
      prepareSituation(folder, situation)
      const chosen = starters.slice(
        0,
        (situation === 'takeOver' ? 3 : 2) +
          Math.floor(random() * (MOST_STARTERS - (situation === 'takeOver' ? 2 : 1))),
      )
      const owners = await startTogether(
        chosen,
        folder,
        situation,
        random,
        (code) => (refusals[code] = (refusals[code] ?? 0) + 1),
      )
      const counts = bySituation[situation]
      counts.starts += 1
      if (owners > 1) counts.doubles += 1
      if (owners === 0) counts.none += 1
      await Promise.all(chosen.map((starter) => starter.ask({ kind: 'release' })))
      rmSync(folder, { recursive: true, force: true })
    }
  } finally {
    await Promise.all(starters.map((starter) => starter.kill()))
    rmSync(root, { recursive: true, force: true })
  }
  const total = (key: 'doubles' | 'none'): number =>
    Object.values(bySituation).reduce((sum, counts) => sum + counts[key], 0)
  return { starts, doubles: total('doubles'), none: total('none'), bySituation, refusals }
}
