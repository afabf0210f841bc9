import type { Command } from 'commander'
import open from 'open'
import { LabError } from '../../contract/index.js'
import { serveWeb } from '../../lab/serve/index.js'
import { rendererFolder } from '../folders.js'
import { reportFailure } from '../output.js'
import { openLab } from '../session.js'
import { addCommonOptions, integer, type CommonOptions } from './options.js'

interface ServeOptions extends CommonOptions {
  port: number
  open?: boolean
}

/** Resolves with the signal that asks the process to end. */
function endSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(signal))
  })
}

/** `lab serve`: the same workbench in a browser, on this machine only. */
export function addServeCommand(program: Command, exit: (code: number) => void): void {
  addCommonOptions(program.command('serve').description('the workbench in a browser: prints one address with its token'))
    .option('--port <number>', 'port on 127.0.0.1; any free one when 0', integer, 0)
    .option('--open', 'open the address in the browser')
    .action(async (options: ServeOptions) => {
      try {
        const folder = rendererFolder()
        if (folder === null) throw new LabError('file.unreadable', 'the window is not built yet; run `npm run build`, or `npm start`, which does it')
        if (options.port < 0 || options.port > 65_535) throw new LabError('usage', `expected a port in 0 to 65535, got ${options.port}`)
        const lab = await openLab({ ...options, host: 'browser' })
        try {
          const server = await serveWeb({ lab, port: options.port, rendererFolder: folder })
          process.stdout.write(`Workbench: ${server.url}\n`)
          if (options.open === true) open(server.url).catch(() => process.stderr.write('No browser could be opened; open the address above.\n'))
          const signal = await endSignal()
          process.stderr.write(`${signal === 'SIGINT' ? '\n' : ''}Closing; a running run writes a checkpoint and can be resumed.\n`)
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
