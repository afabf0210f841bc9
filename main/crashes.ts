import type { App, Dialog, WebContents } from 'electron'
import { catchUncaught, type CrashSource } from '../lab/log/crashes.js'
import type { Log } from '../lab/log/log.js'

/** A page that is lost more often than this within {@link WITHIN_MS} is not loaded again by itself. */
const MOST_RELOADS = 3
const WITHIN_MS = 60_000
/** How a process ends that nobody has to hear of. */
const ORDINARY: ReadonlySet<string> = new Set(['clean-exit'])

/** What the handlers need of Electron and of the process; tests give their own. */
export interface CrashHandling {
  app: Pick<App, 'on'>
  dialog: Pick<Dialog, 'showMessageBox'>
  log: Log
  source?: CrashSource
  /** A clock in milliseconds that never goes back. */
  now?: () => number
}

/**
 * Catches what would otherwise end the desktop program, or leave an empty window, without a word: errors that nobody has caught, a
 * lost page, which is loaded again, and a lost child process. Each is logged and shown, and runs go on.
 */
export function handleCrashes({ app, dialog, log, source, now = () => performance.now() }: CrashHandling): void {
  const show = (message: string): void => {
    // The box waits for nobody: runs compute behind it.
    void dialog.showMessageBox({ type: 'warning', title: 'LocalLearning Workbench', message }).catch(() => undefined)
  }
  const reloads: number[] = []
  const reload = (contents: Pick<WebContents, 'isDestroyed' | 'reload'>, reason: string): void => {
    const recent = reloads.filter((at) => now() - at < WITHIN_MS)
    if (recent.length >= MOST_RELOADS || contents.isDestroyed())
      return show(`The window stopped working (${reason}). Running jobs continue; restart the workbench to see them.`)
    reloads.splice(0, reloads.length, ...recent, now())
    contents.reload()
    show(`The window stopped working (${reason}) and was loaded again. Running jobs were not affected.`)
  }
  catchUncaught(log, show, source)
  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (ORDINARY.has(reason)) return
    log.write('error', 'render-process-gone', `${reason}, exit code ${exitCode}`)
    reload(contents, reason)
  })
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (ORDINARY.has(reason)) return
    log.write('error', 'child-process-gone', `${type} ${name ?? ''}: ${reason}, exit code ${exitCode}`)
    show(`A helper process of the window ended (${type}, ${reason}). It is started again when it is needed.`)
  })
}
