#!/usr/bin/env node
// `npm start`: installs what is missing, builds what is stale, opens the workbench. Plain JavaScript without packages,
// because it runs before any is installed.
import { parseArgs } from 'node:util'
import { prepareProject } from './start/prepare.mjs'
import { findDisplay, prepareElectron } from './start/electron.mjs'
import { runChild } from './start/child.mjs'
import { PROJECT } from './start/project.mjs'

const USAGE = 'Usage: npm start -- [--browser | --electron] [--no-open] [--port N] [--data DIR]…'

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        browser: { type: 'boolean' },
        electron: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        port: { type: 'string' },
        data: { type: 'string', multiple: true },
        archive: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.browser && values.electron) throw new Error('use either --browser or --electron, not both')
    if (values.port !== undefined && !/^\d{1,5}$/.test(values.port))
      throw new Error(`expected a port number after --port, got ${values.port}`)
    return values
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`)
    process.exit(2)
  }
}

const options = readArguments()
if (options.help) {
  console.log(USAGE)
  process.exit(0)
}

await prepareProject()
const display = findDisplay()
const common = [
  ...(options.data ?? []).flatMap((folder) => ['--data', folder]),
  ...(options.archive ? ['--archive', options.archive] : []),
]

if (!options.browser) {
  const electron =
    display === null && !options.electron
      ? { path: null, reason: 'this machine has no display' }
      : await prepareElectron()
  if (electron.path !== null) {
    const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const code = await runChild(electron.path, [PROJECT, ...sandbox, ...common])
    process.exit(code)
  }
  console.log(`Electron is not used: ${electron.reason}.`)
  if (options.electron) process.exit(1)
}

const open = !options['no-open'] && display !== null
process.exit(
  await runChild(process.execPath, [
    'cli/lab.mjs',
    'serve',
    ...(options.port ? ['--port', options.port] : []),
    ...(open ? ['--open'] : []),
    ...common,
  ]),
)
