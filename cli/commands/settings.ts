import type { Command } from 'commander'
import { MOST_SLOTS, type LabSettings } from '../../contract/index.js'
import { runCommand } from '../command.js'
import { addCommonOptions, integerIn, type CommonOptions } from './options.js'

interface SettingsOptions extends CommonOptions {
  slots?: number
  threadsPerSlot?: number | 'even'
}

const threadsOf = (text: string): number | 'even' => (text === 'even' ? text : integerIn(1, 1024)(text))
const threadsText = ({ threadsPerSlot }: LabSettings): string =>
  threadsPerSlot === null ? 'divided evenly' : String(threadsPerSlot)

/** `lab settings`: shows or changes how many runs compute at once. */
export function addSettingsCommand(program: Command, exit: (code: number) => void): void {
  addCommonOptions(program.command('settings').description('show or change the settings of the archive'))
    .option(
      '--slots <number>',
      `number of runs that compute at once, 1 to ${MOST_SLOTS}; each after the first computes in a process of its own`,
      integerIn(1, MOST_SLOTS),
    )
    .option(
      '--threads-per-slot <number>',
      'processor threads of each of them, or even to divide the processors evenly',
      threadsOf,
    )
    .action(async ({ slots, threadsPerSlot, ...options }: SettingsOptions) => {
      const changes: Partial<LabSettings> = {
        ...(slots === undefined ? {} : { slots }),
        ...(threadsPerSlot === undefined ? {} : { threadsPerSlot: threadsPerSlot === 'even' ? null : threadsPerSlot }),
      }
      const shows = Object.keys(changes).length === 0
      exit(
        await runCommand({ ...options, readOnly: shows }, async ({ lab, output }) => {
          const settings = shows ? await lab.call('settings.get', null) : await lab.call('settings.set', changes)
          output.line(`Runs at once: ${settings.slots}`)
          output.line(`Threads per run: ${threadsText(settings)}`)
          output.line(`Backend for runs that do not name one: ${settings.executor}`)
          output.line(`Queue: ${settings.queueHeld ? 'paused' : 'running'}`)
          return settings
        }),
      )
    })
}
