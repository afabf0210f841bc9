import type { Command } from 'commander'
import type { DoctorCheck } from '../../contract/index.js'
import { runCommand } from '../command.js'
import { addCommonOptions, type CommonOptions } from './options.js'

const MARKS = { good: 'ok  ', missing: '–   ', warning: 'note', bad: 'BAD ' } as const satisfies Record<
  DoctorCheck['state'],
  string
>

/** `lab doctor`: what is here, what is missing, one remedy a line. */
export function addDoctorCommand(program: Command, exit: (code: number) => void): void {
  addCommonOptions(
    program
      .command('doctor')
      .description('check backends, GPUs, datasets, browsers and Electron, and show how to install what is missing'),
  ).action(async (options: CommonOptions) => {
    exit(
      await runCommand({ ...options, readOnly: true }, async ({ lab, output }) => {
        const report = await lab.call('lab.doctor', null)
        for (const check of report.checks) {
          output.line(`${MARKS[check.state]}  ${check.label}: ${check.detail}`)
          if (check.remedy !== null) output.line(`      ${check.remedy}`)
        }
        output.line(`Backend for runs: ${report.executor} (${report.executorNote})`)
        return report
      }),
    )
  })
}
