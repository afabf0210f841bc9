import type { createTurns } from '../inTurn.js'
import type { JobKind, JobRecord } from './kind.js'
import type { SchedulerOptions } from './schedulerOptions.js'
import type { Sessions } from './sessions.js'
import type { WaitingList } from './waitingList.js'

/** What the parts of a scheduler share. */
export interface Board<Job extends JobRecord> {
  options: SchedulerOptions<Job>
  kind: JobKind<Job>
  waiting: WaitingList
  sessions: Sessions<Job>
  /** Two commands at once would each see the queue half changed by the other. */
  inTurn: ReturnType<typeof createTurns>
  /** Whether nothing starts: not yet, or no more. */
  closed: boolean
}
