import type { CommandInput, CommandName, CommandOutput, EventName, Events } from '../contract/index.js'

/** How a caller ends a command early. */
export interface CallOptions {
  signal?: AbortSignal
}

/** What hosts and the link need of a lab: the two verbs. */
export interface LabCore {
  /**
   * Runs a command of the contract; its input is checked.
   *
   * @throws LabError as the command's handler says; `value.range` for an input of the wrong form
   */
  call<Name extends CommandName>(
    name: Name,
    input: CommandInput<Name>,
    options?: CallOptions,
  ): Promise<CommandOutput<Name>>
  /** Follows an event until the returned function is called. Listeners must not change what they are given. */
  listen<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void
}
