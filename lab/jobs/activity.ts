import {
  ACTIVITY_COMMANDS,
  asLabError,
  type Activity,
  type ActivityCommand,
  type CommandInput,
  type CommandName,
} from '../../contract/index.js'
import type { EventBus } from '../eventBus.js'
import { nextState, shownState, type ExecutionEvent, type ExecutionState } from './execution.js'

/** Long commands that compute now: jobs without a queue and without a record, which live as long as somebody waits for their result. */
export interface ActivityList {
  readonly activities: Activity[]
  /** Lists a command while its work lasts, if it is a long one. */
  follow<Value>(command: CommandName, input: CommandInput<CommandName>, work: () => Promise<Value>): Promise<Value>
}

const isLong = (command: CommandName): command is ActivityCommand =>
  (ACTIVITY_COMMANDS as readonly CommandName[]).includes(command)

/** What a command works on, by the keys that inputs of long commands have. */
function subjectOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return ''
  const fields = input as Record<string, unknown>
  const named = [fields['model'], fields['id'], fields['figure']].find((value) => typeof value === 'string')
  if (named !== undefined) return String(named)
  const { models } = fields
  const labels = Array.isArray(models)
    ? models.map((model: unknown) =>
        typeof model === 'object' && model !== null && 'label' in model ? String(model.label) : String(model),
      )
    : []
  return labels.join(', ')
}

export function createActivityList(bus: EventBus): ActivityList {
  const executions = new Map<Activity, ExecutionState>()
  let last = 0
  const list = (): Activity[] =>
    [...executions].flatMap(([activity, state]) => (shownState(state) === 'running' ? [activity] : []))
  const apply = (activity: Activity, event: ExecutionEvent): void => {
    executions.set(activity, nextState(executions.get(activity) ?? 'starting', event) ?? 'failed')
    bus.emit('activity.changed', { activities: list() })
  }
  return {
    get activities() {
      return list()
    },
    follow: async (command, input, work) => {
      if (!isLong(command)) return work()
      const activity: Activity = { id: ++last, command, subject: subjectOf(input), startedAt: new Date().toISOString() }
      apply(activity, 'begin')
      try {
        const value = await work()
        apply(activity, 'complete')
        return value
      } catch (error) {
        apply(activity, asLabError(error).code === 'cancelled' ? 'yield' : 'fail')
        throw error
      } finally {
        executions.delete(activity)
      }
    },
  }
}
