import type { Command } from 'commander'
import { LabError } from '../../contract/index.js'
import { homeFolder, logFolder } from '../../lab/home.js'
import type { Lab } from '../../lab/lab.js'
import { catchUncaught } from '../../lab/log/crashes.js'
import { errorText, openLog, type Log } from '../../lab/log/log.js'
import { accessFile, readAccess, type ServeAccess } from '../../lab/serve/access.js'
import { serveWeb, type WebHost } from '../../lab/serve/index.js'
import { rendererFolder } from '../folders.js'
import { openInBrowser } from '../openBrowser.js'
import { reportFailure } from '../output.js'
import { archiveOf, openLab } from '../session.js'
import { onEndSignal, type EndSignal } from '../terminal/endSignals.js'
import { printableLines } from '../terminal/printable.js'
import { addChangingOptions, integerIn, type CommonOptions } from './options.js'

interface ServeOptions extends CommonOptions {
  port?: number
  open?: boolean
}

/** Resolves with the signal that asks the process to end; a second one ends it at once. */
const endSignal = (): Promise<EndSignal> =>
  new Promise((resolve) => {
    onEndSignal(resolve)
  })

/** Serves on the port that was asked for, else on the one of the last time, else on any free one. */
async function serveOn(
  lab: Lab,
  rendererFolder: string,
  { token, port: last }: ServeAccess,
  asked: number | undefined,
): Promise<WebHost> {
  const options = { lab, rendererFolder, token }
  if (asked !== undefined || last === null) return serveWeb({ ...options, port: asked ?? 0 })
  try {
    return await serveWeb({ ...options, port: last })
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'serve.port') throw error
    process.stderr.write(`Port ${last}, used last time, is in use; using another port.\n`)
    return serveWeb({ ...options, port: 0 })
  }
}

/** Opens the lab; a failure is in the log too. */
async function openLogged(options: Parameters<typeof openLab>[0] & { log: Log }): Promise<Lab> {
  try {
    return await openLab(options)
  } catch (error) {
    options.log.write('error', 'start', errorText(error))
    await options.log.close()
    throw error
  }
}

/** `lab serve`: the same workbench in a browser, on this machine only. */
export function addServeCommand(program: Command, exit: (code: number) => void): void {
  addChangingOptions(
    program.command('serve').description('serve the workbench to a browser on this machine and print its address'),
  )
    .option(
      '--port <number>',
      'port on 127.0.0.1, or 0 for any free port; default: the port used last for this archive, if it is free',
      integerIn(0, 65_535),
    )
    .option('--open', 'open the workbench in the browser')
    .action(async (options: ServeOptions) => {
      try {
        const folder = rendererFolder()
        if (folder === null)
          throw new LabError(
            'file.unreadable',
            'the window has not been built; run `npm run build`, or use `npm start`, which builds it',
          )
        const log = openLog(logFolder(), archiveOf(options))
        const stopCatching = catchUncaught(log, (text) => void process.stderr.write(`${printableLines(text)}\n`))
        const lab = await openLogged({ ...options, host: 'browser', log })
        try {
          const home = homeFolder()
          const { archiveFolder } = await lab.call('lab.info', null)
          const access = await readAccess(home, archiveFolder)
          const server = await serveOn(lab, folder, access, options.port)
          await access.keep(server.port)
          process.stdout.write(`Workbench: ${server.url}\n`)
          const opened =
            options.open === true
              ? openInBrowser(server.url, accessFile(home, archiveFolder, 'html')).catch(() => {
                  process.stderr.write('No browser could be opened. Open the address above.\n')
                  return null
                })
              : null
          const signal = await endSignal()
          process.stderr.write(
            `${signal === 'SIGINT' ? '\n' : ''}Closing after a checkpoint of the active run. Press Ctrl-C again to quit immediately.\n`,
          )
          await server.close()
          await (
            await opened
          )?.()
        } finally {
          await lab.close()
          stopCatching()
          await log.close()
        }
        exit(0)
      } catch (error) {
        exit(reportFailure(error, options.json === true))
      }
    })
}
