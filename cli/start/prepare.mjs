import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { runNoisily } from './child.mjs'
import { isInstalled } from './installed.mjs'
import { PROJECT } from './project.mjs'

const OLDEST_NODE = [20, 19]

/** Ends the process with a sentence when Node is too old. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  console.error(
    `The workbench needs Node ${OLDEST_NODE.join('.')} or later; this is ${process.versions.node}. Install a newer version from nodejs.org or your package manager.`,
  )
  process.exit(1)
}

const marker = () => join(PROJECT, 'node_modules', '.workbench-installed')

/** A digest of what npm installs; a change of package.json or the lock file calls for another install. */
function wantedPackages() {
  const hash = createHash('sha256')
  for (const name of ['package.json', 'package-lock.json']) {
    const path = join(PROJECT, name)
    if (existsSync(path)) hash.update(readFileSync(path))
  }
  return `${hash.digest('hex')} ${process.platform} ${process.arch}`
}

/** Installs the packages of the lock file unless exactly these are there. */
async function installPackages() {
  const wanted = wantedPackages()
  if (existsSync(marker()) && readFileSync(marker(), 'utf8') === wanted) return
  if (isInstalled(PROJECT)) {
    writeFileSync(marker(), wanted)
    return
  }
  // Electron's own download happens later, where its failure can be distinguished.
  const environment = {
    ...process.env,
    ELECTRON_SKIP_BINARY_DOWNLOAD: '1',
    npm_config_onnxruntime_node_install: 'skip',
  }
  const result = await runNoisily('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    environment,
  })
  if (result.code !== 0) {
    console.error(
      'The packages could not be installed. Check that the npm registry can be reached (npm ping), then try again.',
    )
    process.exit(1)
  }
  writeFileSync(marker(), wanted)
}

/** The newest modification under these paths, in milliseconds. */
function newest(paths) {
  let latest = 0
  for (const path of paths) {
    const full = join(PROJECT, path)
    if (!existsSync(full)) continue
    const entry = statSync(full)
    latest = Math.max(latest, entry.mtimeMs)
    if (entry.isDirectory())
      latest = Math.max(
        latest,
        newest(
          readdirSync(full)
            .filter((name) => !name.startsWith('.'))
            .map((name) => join(path, name)),
        ),
      )
  }
  return latest
}

const SOURCES = [
  'contract',
  'engine',
  'figures',
  'lab',
  'main',
  'preload',
  'renderer',
  'resources',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
]
const PRODUCTS = ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html']

/** Builds main, preload and renderer unless they are newer than their sources. */
async function buildProject() {
  const oldest = Math.min(
    ...PRODUCTS.map((path) => (existsSync(join(PROJECT, path)) ? statSync(join(PROJECT, path)).mtimeMs : 0)),
  )
  if (oldest > newest(SOURCES)) return
  const result = await runNoisily(
    'Building the window',
    process.execPath,
    [join(PROJECT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
    { quiet: true },
  )
  if (result.code !== 0) {
    console.error(`${result.output}\nThe window could not be built. Please report this with the lines above.`)
    process.exit(1)
  }
}

/** Brings a fresh clone, or one with changed sources, to the point where the workbench can start. */
export async function prepareProject() {
  checkNode()
  await installPackages()
  await buildProject()
}
