import type { Command } from 'commander'
import open from 'open'
import { LabError } from '../../contract/index.js'
import { serveWeb } from '../../lab/serve/index.js'
import { rendererFolder } from '../folders.js'
import { reportFailure } from '../output.js'
import { openLab } from '../session.js'
import { onEndSignal, type EndSignal } from '../terminal/endSignals.js'
import { addCommonOptions, integerIn, type CommonOptions } from './options.js'

interface ServeOptions extends CommonOptions {
  port: number
  open?: boolean
}

/** Resolves with the signal that asks the process to end; a second one ends it at once. */
const endSignal = (): Promise<EndSignal> => new Promise((resolve) => {
  onEndSignal(resolve)
})

/** `lab serve`: the same workbench in a browser, on this machine only. */
export function addServeCommand(program: Command, exit: (code: number) => void): void {
  addCommonOptions(program.command('serve').description('the workbench in a browser: prints one address with its token'))
    .option('--port <number>', 'port on 127.0.0.1; 0: any free port', integerIn(0, 65_535), 0)
    .option('--open', 'open the address in the browser')
    .action(async (options: ServeOptions) => {
      try {
        const folder = rendererFolder()
        if (folder === null) throw new LabError('file.unreadable', 'the window is not built yet; run `npm run build`, or `npm start`, which does it')
        const lab = await openLab({ ...options, host: 'browser' })
        try {
          const server = await serveWeb({ lab, port: options.port, rendererFolder: folder })
          process.stdout.write(`Workbench: ${server.url}\n`)
          if (options.open === true) open(server.url).catch(() => process.stderr.write('No browser could be opened; open the address above.\n'))
          const signal = await endSignal()
          process.stderr.write(`${signal === 'SIGINT' ? '\n' : ''}Closing after a checkpoint of the active run. Press Ctrl-C again to quit immediately.\n`)
          await server.close()
        } finally {
          await lab.close()
        }
        exit(0)
      } catch (error) {
        exit(reportFailure(error, options.json === true))
      }
    })
}
