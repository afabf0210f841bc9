import type { EventName, Events } from '../commands.js'
import { fromWireError, LabError } from '../errors.js'
import type { Endpoint, Frame, LabLink, LinkState } from '../wire.js'
import { createSubscriptions } from './subscriptions.js'

/** Clocks and chance, handed in because the words of the program know no platform. */
export interface LinkTimers {
  setTimeout(callback: () => void, milliseconds: number): unknown
  clearTimeout(timer: unknown): void
  /** Uniform in [0, 1), to spread the reconnections of many windows. */
  random(): number
}

const FIRST_DELAY_MS = 200
const LONGEST_DELAY_MS = 5000

interface PendingCall {
  frame: Frame
  resolve(output: unknown): void
  reject(error: LabError): void
}

/**
 * The window's end of the link: calls and events over any transport, connected again by itself after a break.
 *
 * A call made before the first connection waits for it; a call in progress when the connection breaks, or made while it is
 * down, fails with `link.lost`, because nobody knows whether the lab has carried it out. Events are asked for again from the last number seen. The delay
 * before try n is min(5 s, 200 ms · 2ⁿ), times a factor in [1/2, 1).
 *
 * @param connect - opens a new endpoint; called again after every break
 * @param timers - the platform's setTimeout, clearTimeout and Math.random
 */
export function createLink(connect: () => Promise<Endpoint>, timers: LinkTimers): LabLink {
  let state: LinkState = 'connecting'
  let endpoint: Endpoint | null = null
  let closed = false
  let tries = 0
  let retryTimer: unknown = null
  // Numbers of a page that was reloaded must not meet those of its predecessor on the same endpoint.
  let nextId = 1 + Math.floor(timers.random() * 2 ** 40)
  const pending = new Map<number, PendingCall>()
  const stateListeners = new Set<(state: LinkState) => void>()
  const subscriptions = createSubscriptions(
    () => nextId++,
    (frame) => endpoint?.send(frame),
  )

  const setState = (next: LinkState): void => {
    if (next === state) return
    state = next
    for (const listener of [...stateListeners]) listener(next)
  }
  const failAll = (error: LabError): void => {
    const calls = [...pending.values()]
    pending.clear()
    for (const call of calls) call.reject(error)
  }
  const lose = (cause?: unknown): void => {
    endpoint = null
    if (closed) return
    setState(cause instanceof LabError && cause.code === 'link.refused' ? 'refused' : 'lost')
    failAll(
      cause instanceof LabError ? cause : new LabError('link.lost', 'the connection was lost before the reply arrived'),
    )
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** tries) * (0.5 + timers.random() / 2)
    tries++
    retryTimer = timers.setTimeout(open, delay)
  }
  const receive = (frame: Frame): void => {
    if (subscriptions.receive(frame)) return
    if (frame.tag !== 'reply' && frame.tag !== 'fail') return
    const call = pending.get(frame.id)
    pending.delete(frame.id)
    if (frame.tag === 'reply') call?.resolve(frame.output)
    else call?.reject(fromWireError(frame.error))
  }
  const open = (): void => {
    connect().then((opened) => {
      if (closed) return opened.close()
      endpoint = opened
      tries = 0
      opened.onFrame((frame) => {
        if (endpoint === opened) receive(frame)
      })
      opened.onClose(() => {
        if (endpoint === opened) lose()
      })
      subscriptions.listenAgain()
      for (const call of pending.values()) opened.send(call.frame)
      setState('open')
    }, lose)
  }
  open()

  return {
    call: (name, input, options = {}) =>
      new Promise((resolve, reject) => {
        const { signal } = options
        if (signal?.aborted === true)
          return reject(new LabError('cancelled', `${name} was cancelled before it started`))
        if (closed || state === 'lost' || state === 'refused')
          return reject(new LabError('link.lost', `${name} cannot be called while the connection is lost`))
        const id = nextId++
        const frame: Frame = { tag: 'call', id, name, input }
        const onAbort = (): void => {
          if (!pending.delete(id)) return
          endpoint?.send({ tag: 'cancel', id })
          reject(new LabError('cancelled', `${name} was cancelled`))
        }
        const settle =
          <Value>(finish: (value: Value) => void) =>
          (value: Value): void => {
            signal?.removeEventListener('abort', onAbort)
            finish(value)
          }
        // The table of commands types both sides; the lab checks every input again.
        pending.set(id, { frame, resolve: settle(resolve as (output: unknown) => void), reject: settle(reject) })
        signal?.addEventListener('abort', onAbort)
        endpoint?.send(frame)
      }),
    listen: <Name extends EventName>(
      name: Name,
      listener: (payload: Events[Name]) => void,
      onGap?: () => void,
      of?: string,
    ) => subscriptions.add({ name, of }, listener as (payload: unknown) => void, onGap),
    get state() {
      return state
    },
    onState: (listener) => {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    close: () => {
      if (closed) return
      closed = true
      timers.clearTimeout(retryTimer)
      endpoint?.close()
      endpoint = null
      failAll(new LabError('link.lost', 'the link was closed'))
      setState('lost')
    },
  }
}
