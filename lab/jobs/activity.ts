import { ACTIVITY_COMMANDS, type Activity, type ActivityCommand, type CommandInput, type CommandName } from '../../contract/index.js'
import type { EventBus } from '../eventBus.js'

/** The long commands that compute now. */
export interface ActivityList {
  readonly activities: Activity[]
  /** Lists a command while its work lasts, if it is a long one. */
  follow<Value>(command: CommandName, input: CommandInput<CommandName>, work: () => Promise<Value>): Promise<Value>
}

const isLong = (command: CommandName): command is ActivityCommand => (ACTIVITY_COMMANDS as readonly CommandName[]).includes(command)

/** What a command works on, by the keys that inputs of long commands have. */
function subjectOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return ''
  const fields = input as Record<string, unknown>
  const named = [fields['model'], fields['id'], fields['figure']].find((value) => typeof value === 'string')
  if (named !== undefined) return String(named)
  const { models } = fields
  const labels = Array.isArray(models) ? models.map((model: unknown) => (typeof model === 'object' && model !== null && 'label' in model ? String(model.label) : String(model))) : []
  return labels.join(', ')
}

export function createActivityList(bus: EventBus): ActivityList {
  const activities: Activity[] = []
  let last = 0
  const report = (): void => bus.emit('activity.changed', { activities: [...activities] })
  return {
    activities,
    follow: async (command, input, work) => {
      if (!isLong(command)) return work()
      const activity: Activity = { id: ++last, command, subject: subjectOf(input), startedAt: new Date().toISOString() }
      activities.push(activity)
      report()
      try {
        return await work()
      } finally {
        activities.splice(activities.indexOf(activity), 1)
        report()
      }
    },
  }
}
