import type { RunRecord, RunState } from '../../contract/index.js'

/** How a state of a run looks: the colour of its dot and chip, and its name. */
export interface StateLook {
  label: string
  tone: 'live' | 'good' | 'warn' | 'bad' | 'off' | 'plain'
}

export const STATE_LOOKS = {
  queued: { label: 'Queued', tone: 'plain' },
  running: { label: 'Running', tone: 'live' },
  paused: { label: 'Paused', tone: 'off' },
  interrupted: { label: 'Interrupted', tone: 'warn' },
  stopped: { label: 'Stopped', tone: 'off' },
  finished: { label: 'Finished', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
} as const satisfies Record<RunState, StateLook>

/** The look of a run: amber if it finished without converging. */
export function stateLook(run: Pick<RunRecord, 'state' | 'verdict'>): StateLook {
  if (run.state === 'finished' && run.verdict !== null && !run.verdict.passed)
    return { label: 'Not converged', tone: 'warn' }
  return STATE_LOOKS[run.state]
}
