import { app, BrowserWindow, dialog, ipcMain, nativeTheme, protocol, session, shell } from 'electron'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { asLabError } from '../contract/index.js'
import { keepPrivate } from '../lab/files/folders.js'
import { homeFolder, logFolder } from '../lab/home.js'
import { serveLab } from '../lab/link/index.js'
import { createLab, type Lab } from '../lab/lab.js'
import { errorText, openLog } from '../lab/log/log.js'
import { readArguments } from './arguments.js'
import { handleCrashes } from './crashes.js'
import { handleDialogs } from './dialogs.js'
import { denyPermissions, guardPages } from './guards.js'
import { ipcEndpoint } from './ipcEndpoint.js'
import { START_PAGE } from './origin.js'
import { PRIVILEGED_SCHEME, serveScheme } from './scheme.js'
import { windowOptions } from './window.js'

const built = fileURLToPath(new URL('.', import.meta.url))
const projectFolder = join(built, '..', '..')

function openWindow(lab: Lab): BrowserWindow {
  const window = new BrowserWindow(
    windowOptions(join(built, '..', 'preload', 'index.cjs'), nativeTheme.shouldUseDarkColors),
  )
  let stop = serveLab(lab, ipcEndpoint(ipcMain, window.webContents))
  // A page that is reloaded begins a new conversation; what the old one followed ends with it.
  window.webContents.on('did-start-navigation', (details) => {
    if (!details.isMainFrame || details.isSameDocument) return
    stop()
    stop = serveLab(lab, ipcEndpoint(ipcMain, window.webContents))
  })
  window.once('ready-to-show', () => window.show())
  void window.loadURL(START_PAGE)
  return window
}

/** Shows the progress of the running run in the dock or task bar. */
function showProgress(lab: Lab): void {
  lab.listen('run.changed', ({ record }) => {
    const progress = record.state === 'running' ? record.epoch / record.epochs : -1
    for (const window of BrowserWindow.getAllWindows()) window.setProgressBar(progress)
  })
}

async function start(): Promise<void> {
  const { dataFolders, archiveFolder, takeOver } = readArguments(process.argv.slice(1))
  const home = homeFolder()
  await keepPrivate(home)
  const archive = archiveFolder ?? join(home, 'archive')
  const log = openLog(logFolder(), archive)
  handleCrashes({ app, dialog, log })
  const lab = await createLab({
    archiveFolder: archive,
    log,
    storeFolder: join(home, 'datasets'),
    dataFolders,
    host: 'electron',
    takeOver,
    computeThread: pathToFileURL(join(built, 'computeThread.js')),
    version: app.getVersion(),
    resourcesFolder: join(projectFolder, 'resources'),
  }).catch(async (error: unknown): Promise<never> => {
    log.write('error', 'start', errorText(error))
    await log.close()
    throw error
  })
  denyPermissions(session.defaultSession)
  serveScheme(protocol, join(built, '..', 'renderer'))
  handleDialogs(ipcMain, dialog, shell)
  openWindow(lab)
  showProgress(lab)

  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(lab)
  })
  app.on('window-all-closed', () => app.quit())
  let closed = false
  app.on('before-quit', (event) => {
    if (closed) return
    // The running run writes a checkpoint first; it is marked interrupted and goes on exactly when resumed.
    event.preventDefault()
    void lab
      .close()
      .catch((error: unknown) => log.write('error', 'close', errorText(error)))
      .then(() => log.close())
      .finally(() => {
        closed = true
        app.quit()
      })
  })
}

protocol.registerSchemesAsPrivileged([PRIVILEGED_SCHEME])
guardPages(app)
if (app.requestSingleInstanceLock()) {
  app
    .whenReady()
    .then(start)
    .catch((thrown: unknown) => {
      const error = asLabError(thrown)
      dialog.showErrorBox(error.title, `${error.message}\n\n${error.advice}`)
      app.exit(error.exitCode)
    })
} else {
  app.quit()
}
