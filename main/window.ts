import type { BrowserWindowConstructorOptions } from 'electron'

/**
 * The window's settings: smallest size of the design, and nothing of Node in the page.
 *
 * @param preload - absolute path of the built preload script
 * @param dark - whether the system's theme is dark, for the colour before the first paint
 */
export function windowOptions(preload: string, dark: boolean): BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 1120,
    minHeight: 700,
    show: false,
    title: 'LocalLearning Workbench',
    backgroundColor: dark ? '#14171b' : '#f7f8f9',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
      // Charts go on growing while the window lies behind a paper.
      backgroundThrottling: false,
    },
  }
}
