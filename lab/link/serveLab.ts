import { LabError, toWireError, type CommandName, type Endpoint, type EventName } from '../../contract/index.js'
import type { LabCore } from '../core.js'
import { isCommandName } from '../handlers/inputs.js'
import { eventLogOf, isEventName } from './eventLog.js'

/** What one window may do. */
export interface Access {
  mayCall(name: CommandName): boolean
  /** Sees what its commands were answered with. */
  answered?(name: CommandName, output: unknown): void
}

/** A window of the person who started the workbench. */
export const FULL_ACCESS: Access = { mayCall: () => true }

/** What a window follows: an event, of everything or of what has this id. */
interface Topic {
  event: EventName
  of: string | null
}

const concerns = ({ of }: Topic, payload: unknown): boolean =>
  of === null || (typeof payload === 'object' && payload !== null && 'id' in payload && payload.id === of)

/**
 * Answers the frames of one window until its endpoint closes; calls still in progress are then cancelled.
 *
 * @param lab - the one lab; it may serve many endpoints
 * @param endpoint - the window's end, open
 * @param access - which commands it may call; others fail with `link.refused`
 * @returns stops serving and closes the endpoint
 */
export function serveLab(lab: LabCore, endpoint: Endpoint, access: Access = FULL_ACCESS): () => void {
  const log = eventLogOf(lab)
  const calls = new Map<number, AbortController>()
  const listening = new Map<number, Topic>()

  const answer = async (id: number, name: string, input: unknown): Promise<void> => {
    const cancel = new AbortController()
    calls.set(id, cancel)
    try {
      if (!isCommandName(name)) throw new LabError('link.unknownCommand', `the command ${name} does not exist`)
      if (!access.mayCall(name)) throw new LabError('link.refused', `this window is not allowed to call ${name}`)
      // The input is checked by the lab itself.
      const output = await lab.call(name, input as never, { signal: cancel.signal })
      access.answered?.(name, output)
      endpoint.send({ tag: 'reply', id, output })
    } catch (error) {
      endpoint.send({ tag: 'fail', id, error: toWireError(error) })
    } finally {
      if (calls.get(id) === cancel) calls.delete(id)
    }
  }

  const listen = (id: number, event: string, since: number, of: string | undefined): void => {
    if (!isEventName(event))
      return endpoint.send({
        tag: 'fail',
        id,
        error: toWireError(new LabError('link.unknownCommand', `the event ${event} does not exist`)),
      })
    const topic: Topic = { event, of: typeof of === 'string' ? of : null }
    listening.set(id, topic)
    endpoint.send({ tag: 'reply', id, output: log.sequence(event) })
    if (since <= 0) return
    const missed = log.since(event, since)
    if (missed.gap) endpoint.send({ tag: 'gap', id, sequence: missed.sequence })
    for (const { sequence, payload } of missed.events)
      if (concerns(topic, payload)) endpoint.send({ tag: 'event', id, sequence, payload })
  }

  const stopEvents = log.onEvent((name, { sequence, payload }) => {
    for (const [id, topic] of listening)
      if (topic.event === name && concerns(topic, payload)) endpoint.send({ tag: 'event', id, sequence, payload })
  })
  const stop = (): void => {
    stopEvents()
    listening.clear()
    for (const cancel of calls.values()) cancel.abort()
    calls.clear()
  }

  endpoint.onFrame((frame) => {
    switch (frame.tag) {
      case 'call':
        return void answer(frame.id, frame.name, frame.input)
      case 'cancel':
        return calls.get(frame.id)?.abort()
      case 'listen':
        return listen(frame.id, frame.event, frame.since, frame.of)
      case 'unlisten':
        return void listening.delete(frame.id)
      // The rest goes from the lab to the window only; from a window it means nothing.
      default:
        return
    }
  })
  endpoint.onClose(stop)
  return () => {
    stop()
    endpoint.close()
  }
}
