import type { CommandInput, CommandName, CommandOutput, EventName, Events } from './commands.js'
import type { WireError } from './errors.js'

/** What travels between a window and a lab. Every value survives the structured clone; typed arrays stay typed arrays. */
export type Frame =
  | { tag: 'call'; id: number; name: CommandName; input: unknown }
  | { tag: 'cancel'; id: number }
  | { tag: 'reply'; id: number; output: unknown }
  | { tag: 'fail'; id: number; error: WireError }
  /**
   * `since`: the last sequence number seen of this event, to catch up after a break; 0 asks for nothing old. `of`: only events whose
   * payload has this `id`, such as those of one run.
   */
  | { tag: 'listen'; id: number; event: EventName; since: number; of?: string }
  | { tag: 'unlisten'; id: number }
  | { tag: 'event'; id: number; sequence: number; payload: unknown }
  /** Some events since the asked number are gone; the listener should request the state again. */
  | { tag: 'gap'; id: number; sequence: number }

/** One end of a transport: frames go out, frames come in. IPC, WebSocket and memory each give one. */
export interface Endpoint {
  send(frame: Frame): void
  onFrame(listener: (frame: Frame) => void): void
  onClose(listener: () => void): void
  close(): void
}

/** What `call` needs of an AbortSignal; the words of the program know no platform. */
export interface CancelSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** `refused`: the lab answers, but not to this window, which has no valid token. */
export type LinkState = 'connecting' | 'open' | 'lost' | 'refused'

/** Two verbs between a window and a lab; it does not know which transport carries them. */
export interface LabLink {
  /**
   * Runs a command.
   *
   * @throws LabError as the lab threw it; `link.lost` if the connection broke before the answer; `cancelled` after an abort
   */
  call<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
    options?: { signal?: CancelSignal },
  ): Promise<CommandOutput<Name>>
  /**
   * Follows an event until the returned function is called. After a break the link listens again by itself from the last
   * number seen; `onGap` is called when events were missed and the state should be requested again. With `of` only events whose payload has
   * this `id` are sent, so that a window does not receive the arrays of every run.
   */
  listen<Name extends EventName>(
    name: Name,
    listener: (payload: Events[Name]) => void,
    onGap?: () => void,
    of?: string,
  ): () => void
  readonly state: LinkState
  onState(listener: (state: LinkState) => void): () => void
  close(): void
}

/** What the preload script exposes to the page as `window.labBridge`. */
export interface LabBridge {
  send(frame: Frame): void
  onFrame(listener: (frame: Frame) => void): void
  /** The system's own dialogs; null when the user closed them. */
  chooseFile(options: { title: string; extensions: string[]; folder: boolean }): Promise<string | null>
  revealFile(path: string): Promise<void>
}
