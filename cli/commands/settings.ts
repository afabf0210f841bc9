import { MOST_SLOTS, SLOT_KINDS, type LabSettings, type SlotKind } from '../../contract/index.js'
import { Option, type Command } from 'commander'
import { runCommand } from '../command.js'
import { addCommonOptions, integerIn, type CommonOptions } from './options.js'

interface SettingsOptions extends CommonOptions {
  slots?: number
  threadsPerSlot?: number | 'even'
  slotKind?: SlotKind
}

const threadsOf = (text: string): number | 'even' => (text === 'even' ? text : integerIn(1, 1024)(text))
const threadsText = ({ threadsPerSlot }: LabSettings): string =>
  threadsPerSlot === null ? 'divided evenly' : String(threadsPerSlot)

const KIND_TEXTS = {
  thread: 'a thread of the program',
  process: 'a process of its own',
} as const satisfies Record<SlotKind, string>

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
    .addOption(
      new Option(
        '--slot-kind <kind>',
        'where the first run computes: thread, in the program itself; process, so that a crash of a native library costs a run only time; takes effect at the next start',
      ).choices(SLOT_KINDS),
    )
    .action(async ({ slots, threadsPerSlot, slotKind, ...options }: SettingsOptions) => {
      const changes: Partial<LabSettings> = {
        ...(slots === undefined ? {} : { slots }),
        ...(slotKind === undefined ? {} : { slotKind }),
        ...(threadsPerSlot === undefined ? {} : { threadsPerSlot: threadsPerSlot === 'even' ? null : threadsPerSlot }),
      }
      const shows = Object.keys(changes).length === 0
      exit(
        await runCommand({ ...options, readOnly: shows }, async ({ lab, output }) => {
          const settings = shows ? await lab.call('settings.get', null) : await lab.call('settings.set', changes)
          output.line(`Runs at once: ${settings.slots}`)
          output.line(`First run computes in: ${KIND_TEXTS[settings.slotKind ?? 'thread']}`)
          output.line(`Threads per run: ${threadsText(settings)}`)
          output.line(`Backend for runs that do not name one: ${settings.executor}`)
          output.line(`Queue: ${settings.queueHeld ? 'paused' : 'running'}`)
          return settings
        }),
      )
    })
}
