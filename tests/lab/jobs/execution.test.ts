import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EXECUTION_STATES,
  isSettled,
  nextState,
  requestedEnd,
  shownState,
  TRANSITIONS,
  type ExecutionEvent,
  type ExecutionState,
} from '../../../lab/jobs/execution.js'

const EVENTS: ExecutionEvent[] = [
  'enqueue',
  'start',
  'begin',
  'pause',
  'stop',
  'interrupt',
  'yield',
  'complete',
  'fail',
]
const after = (events: readonly ExecutionEvent[], from: ExecutionState = 'queued'): ExecutionState | null =>
  events.reduce<ExecutionState | null>((state, event) => (state === null ? null : nextState(state, event)), from)

describe('the life of a job', () => {
  it.each<[ExecutionEvent[], ExecutionState]>([
    [['start', 'begin', 'complete'], 'finished'],
    [['start', 'begin', 'pause', 'yield'], 'paused'],
    [['start', 'pause', 'begin', 'yield'], 'paused'],
    [['start', 'begin', 'pause', 'stop', 'yield'], 'stopped'],
    [['start', 'begin', 'stop', 'pause', 'yield'], 'stopped'],
    [['start', 'begin', 'stop', 'interrupt', 'yield'], 'interrupted'],
    [['start', 'begin', 'yield'], 'interrupted'],
    [['start', 'begin', 'pause', 'complete'], 'finished'],
    [['start', 'fail', 'enqueue', 'start', 'begin'], 'running'],
    [['pause', 'stop', 'enqueue'], 'queued'],
  ])('%j leads to %s', (events, state) => expect(after(events)).toBe(state))

  it('reaches every state', () => {
    const reached = new Set<ExecutionState>(['queued'])
    for (const state of reached) for (const next of Object.values(TRANSITIONS[state])) reached.add(next)
    expect([...reached].sort()).toEqual([...EXECUTION_STATES].sort())
  })

  it('ends from every state of computing, whatever is requested, and then needs to be queued to compute again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...EVENTS), { maxLength: 30 }),
        fc.constantFrom<ExecutionEvent>('yield', 'complete', 'fail'),
        (events, end) => {
          const state = events.reduce<ExecutionState>((at, event) => nextState(at, event) ?? at, 'queued')
          if (state !== 'starting' && shownState(state) !== 'running') return
          const ended = nextState(state, end)
          expect(ended !== null && isSettled(shownState(ended))).toBe(true)
          for (const event of ['start', 'begin', 'yield', 'complete'] as const)
            expect(nextState(ended ?? 'queued', event)).toBeNull()
          // What was requested is what happens, unless it finished or failed before.
          if (end === 'yield') expect(ended).toBe(requestedEnd(state) ?? 'interrupted')
        },
      ),
    )
  })
})
