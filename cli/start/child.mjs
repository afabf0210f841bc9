import { spawn } from 'node:child_process'
import { PROJECT } from './project.mjs'

/**
 * Runs a program in the project's folder with the terminal's own streams; signals are passed on.
 *
 * @param {string} program
 * @param {readonly string[]} commandArguments
 * @returns {Promise<number>} its exit code
 */
export function runChild(program, commandArguments) {
  return new Promise((resolve) => {
    const child = spawn(program, commandArguments, { cwd: PROJECT, stdio: 'inherit' })
    // The terminal sends Ctrl-C to the whole group; this process only has to outlive the child.
    const ignore = () => {}
    const pass = (signal) => child.kill(signal)
    process.on('SIGINT', ignore)
    process.on('SIGTERM', pass)
    child.on('error', (error) => {
      console.error(`${program} could not be started: ${error.message}`)
      resolve(1)
    })
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', pass)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })
}

/**
 * Runs a program that may be silent for long and says every few seconds that it still works.
 *
 * @param {string} what - shown to the person: `Installing packages`
 * @param {string} program
 * @param {readonly string[]} commandArguments
 * @param {{ limitMs?: number, environment?: NodeJS.ProcessEnv, quiet?: boolean }} [options] - `quiet` shows the program's output only when it fails
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>}
 */
export function runNoisily(what, program, commandArguments, options = {}) {
  return new Promise((resolve) => {
    const started = performance.now()
    console.log(`${what} …`)
    const shell = process.platform === 'win32' && program === 'npm'
    const child = spawn(program, commandArguments, {
      cwd: PROJECT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.environment ?? process.env,
      shell,
    })
    let output = ''
    let timedOut = false
    const take = (chunk) => {
      output += chunk
      if (!options.quiet) process.stdout.write(chunk)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const beat = setInterval(() => console.log(`${what}: ${Math.round((performance.now() - started) / 1000)} s`), 5000)
    const limit =
      options.limitMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            child.kill('SIGKILL')
          }, options.limitMs)
    const end = (code) => {
      clearInterval(beat)
      clearTimeout(limit)
      resolve({ code, output, timedOut })
    }
    child.on('error', (error) => {
      output += error.message
      end(1)
    })
    child.on('close', (code) => end(code ?? 1))
  })
}
