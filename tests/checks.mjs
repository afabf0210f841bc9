// `npm test` runs the type checks and the linters with this, two at a time: the output of each command in one piece, and an exit code other than 0
// when one of them fails.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const AT_ONCE = 2

/** The commands of `npm run lint` and `npm run typecheck`, the long ones (ESLint, the window) first, so that none is left over at the end. */
function commandsOf({ scripts }) {
  const [lint, types] = [scripts.lint, scripts.typecheck].map((script) => script.split(' && '))
  return [lint[0], ...types.reverse(), ...lint.slice(1)]
}

/** Runs a command of node_modules/.bin through a shell, which finds `.cmd` files on Windows. */
function run(command, folder) {
  return new Promise((resolve) => {
    const started = performance.now()
    const child = spawn(command, {
      cwd: folder,
      shell: true,
      env: { ...process.env, PATH: `${join(folder, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
    const end = (code, reason = '') =>
      resolve({ command, code, text: text + reason, seconds: (performance.now() - started) / 1000 })
    child.once('error', (error) => end(1, `${error.message}\n`))
    child.once('close', (code, signal) => end(code ?? 1, signal === null ? '' : `ended by ${signal}\n`))
  })
}

/**
 * Runs commands, a few at a time.
 *
 * @param {readonly string[]} commands
 * @param {{ folder: string, atOnce: number, write: (text: string) => void }} options
 * @returns {Promise<readonly string[]>} those that failed
 */
export async function runChecks(commands, { folder, atOnce, write }) {
  const waiting = [...commands]
  const failed = []
  const work = async () => {
    for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
      const { code, text, seconds } = await run(command, folder)
      write(`${code === 0 ? 'ok' : `failed (exit code ${code})`}: ${command}, ${seconds.toFixed(1)} s\n${text}`)
      if (code !== 0) failed.push(command)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return failed
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = fileURLToPath(new URL('..', import.meta.url))
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const failed = await runChecks(commandsOf(manifest), {
    folder,
    atOnce: AT_ONCE,
    write: (text) => process.stdout.write(text),
  })
  if (failed.length > 0) process.exitCode = 1
}
