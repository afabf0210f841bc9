import type { ErrorCode } from '../../contract/index.js'

/** The life of a job. Screens see a part of it, see {@link shownState}. */
export const EXECUTION_STATES = [
  'queued',
  'starting',
  'running',
  'pausing',
  'paused',
  'stopping',
  'stopped',
  'interrupting',
  'interrupted',
  'finished',
  'failed',
] as const
export type ExecutionState = (typeof EXECUTION_STATES)[number]

/** The states that records and screens know. */
export type ShownState = Exclude<ExecutionState, 'starting' | 'pausing' | 'stopping' | 'interrupting'>

/**
 * What happens to a job. `enqueue`: it may start; `start`: its session begins to prepare; `begin`: it computes, and its record says so; `pause`, `stop`,
 * `interrupt`: requested by the user, the user, and the closing program; `yield`: it ended early; `complete`; `fail`.
 */
export type ExecutionEvent =
  'enqueue' | 'start' | 'begin' | 'pause' | 'stop' | 'interrupt' | 'yield' | 'complete' | 'fail'

/** How a job ends before its work is done and without an error. */
export type EarlyEnd = Extract<ShownState, 'paused' | 'stopped' | 'interrupted'>

/** Every change of state that there is; an event that is missing is refused in that state. */
export const TRANSITIONS = {
  queued: { start: 'starting', pause: 'paused', stop: 'stopped', interrupt: 'interrupted', fail: 'failed' },
  starting: {
    begin: 'running',
    pause: 'pausing',
    stop: 'stopping',
    interrupt: 'interrupting',
    yield: 'interrupted',
    complete: 'finished',
    fail: 'failed',
  },
  running: {
    pause: 'pausing',
    stop: 'stopping',
    interrupt: 'interrupting',
    yield: 'interrupted',
    complete: 'finished',
    fail: 'failed',
  },
  // A job that finishes before it reads the request has finished. A later request counts, unless it asks for less than the earlier one.
  pausing: {
    begin: 'pausing',
    pause: 'pausing',
    stop: 'stopping',
    interrupt: 'interrupting',
    yield: 'paused',
    complete: 'finished',
    fail: 'failed',
  },
  stopping: {
    begin: 'stopping',
    pause: 'stopping',
    stop: 'stopping',
    interrupt: 'interrupting',
    yield: 'stopped',
    complete: 'finished',
    fail: 'failed',
  },
  interrupting: {
    begin: 'interrupting',
    pause: 'interrupting',
    stop: 'interrupting',
    interrupt: 'interrupting',
    yield: 'interrupted',
    complete: 'finished',
    fail: 'failed',
  },
  paused: { enqueue: 'queued', stop: 'stopped' },
  stopped: { enqueue: 'queued' },
  interrupted: { enqueue: 'queued', stop: 'stopped' },
  failed: { enqueue: 'queued', stop: 'stopped' },
  finished: { enqueue: 'queued' },
} as const satisfies Record<ExecutionState, Partial<Record<ExecutionEvent, ExecutionState>>>

/** @returns the state after the event; null where the event is refused */
export function nextState(state: ExecutionState, event: ExecutionEvent): ExecutionState | null {
  const possible: Partial<Record<ExecutionEvent, ExecutionState>> = TRANSITIONS[state]
  return possible[event] ?? null
}

const SHOWN = {
  starting: 'queued',
  pausing: 'running',
  stopping: 'running',
  interrupting: 'running',
} as const satisfies Partial<Record<ExecutionState, ShownState>>

/** The state as records and screens show it: a job that is asked to end still runs. */
export function shownState(state: ExecutionState): ShownState {
  return state === 'starting' || state === 'pausing' || state === 'stopping' || state === 'interrupting'
    ? SHOWN[state]
    : state
}

const REQUESTED = { pausing: 'paused', stopping: 'stopped', interrupting: 'interrupted' } as const satisfies Partial<
  Record<ExecutionState, EarlyEnd>
>

/** How a job in this state was requested to end; null when it was not. */
export function requestedEnd(state: ExecutionState): EarlyEnd | null {
  return state === 'pausing' || state === 'stopping' || state === 'interrupting' ? REQUESTED[state] : null
}

/** Whether a job in this state neither computes nor will start by itself. */
export const isSettled = (state: ShownState): boolean => state !== 'queued' && state !== 'running'

/** Whether work that failed with this error was only ended from outside, as requested: cancelled while it waited, or with its thread when the program closed. */
export function endedByRequest(requested: EarlyEnd | null, code: ErrorCode): boolean {
  return (requested !== null && code === 'cancelled') || (requested === 'interrupted' && code === 'executor.failed')
}
