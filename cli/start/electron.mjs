import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runNoisily } from './child.mjs'
import { PROJECT } from './project.mjs'

const DOWNLOAD_LIMIT_MS = 50_000
const INSTALLER_NODE = [22, 12]

/**
 * Whether windows can be shown.
 *
 * @returns {string | null} what shows them, or null on a machine without a display
 */
export function findDisplay() {
  if (process.platform === 'win32' || process.platform === 'darwin') return process.platform
  return process.env.WAYLAND_DISPLAY || process.env.DISPLAY || null
}

/** @returns {string | null} the path of Electron's program, if its binary is there */
export function findElectron() {
  const folder = join(PROJECT, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : null
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) {
    const given = join(
      process.env.ELECTRON_OVERRIDE_DIST_PATH,
      name ?? (process.platform === 'win32' ? 'electron.exe' : 'electron'),
    )
    return existsSync(given) ? given : null
  }
  if (name === null) return null
  const path = join(folder, 'dist', name)
  return existsSync(path) ? path : null
}

/**
 * Finds Electron's binary, or downloads it within a minute.
 *
 * @returns {Promise<{ path: string, reason: null } | { path: null, reason: string }>} the reason is one sentence part
 */
export async function prepareElectron() {
  const found = findElectron()
  if (found !== null) return { path: found, reason: null }
  const installer = join(PROJECT, 'node_modules', 'electron', 'install.js')
  if (!existsSync(installer)) return { path: null, reason: 'its package is not installed' }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < INSTALLER_NODE[0] || (major === INSTALLER_NODE[0] && minor < INSTALLER_NODE[1])) {
    return {
      path: null,
      reason: `its binary is not installed, and its installer needs Node ${INSTALLER_NODE.join('.')} (this is ${process.versions.node}); set ELECTRON_OVERRIDE_DIST_PATH to use an unpacked Electron`,
    }
  }
  const environment = { ...process.env }
  delete environment.ELECTRON_SKIP_BINARY_DOWNLOAD
  const result = await runNoisily('Downloading Electron', process.execPath, [installer], {
    limitMs: DOWNLOAD_LIMIT_MS,
    quiet: true,
    environment,
  })
  const path = findElectron()
  if (path !== null) return { path, reason: null }
  const why = result.timedOut
    ? `its download did not finish in ${DOWNLOAD_LIMIT_MS / 1000} s`
    : `its binary could not be downloaded (${firstReason(result.output)})`
  return { path: null, reason: `${why}; set ELECTRON_MIRROR to download from another address` }
}

/** The line of the installer's output that says what happened. */
function firstReason(output) {
  const line = output.split('\n').find((text) => /error|ENOTFOUND|ECONN|EAI_AGAIN|status/i.test(text))
  return (line ?? 'no reason given').trim().slice(0, 160)
}
