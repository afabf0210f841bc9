import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { lastLines, runProgram, type ProgramOptions } from './program.js'
import type { Requirement } from './versions.js'
import { makeFolder } from '../files/folders.js'

/** The Python for which wheels are asked, whatever Python runs pip: their libraries are the same, and none is needed to run them. */
export const WHEEL_PYTHON = '3.12'
const WAYS: readonly [string, ...string[]][] = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']]
const LOOK_MS = 500
const PREFIXES = [
  'manylinux_2_34',
  'manylinux_2_28',
  'manylinux_2_27',
  'manylinux_2_24',
  'manylinux_2_17',
  'manylinux2014',
]

/** What came of asking pip. */
export type PipAnswer = { path: string } | { path: null; reason: string }

async function bytesUnder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/**
 * Lets pip fetch a wheel, with the user's own index, proxy and certificates; pip compares its checksum with the index.
 *
 * @param machine - `x86_64` or `aarch64`
 * @param folder - where the wheel goes; for this one alone
 * @returns the wheel, or why there is none
 */
export async function pipDownload(
  { project, range }: Requirement,
  machine: string,
  folder: string,
  options: ProgramOptions & { onBytes: (done: number, total: number | null) => void },
): Promise<PipAnswer> {
  const temporary = join(folder, 'temporary')
  await makeFolder(temporary)
  let total: number | null = null
  const environment = {
    ...options.environment,
    TMPDIR: temporary,
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
  }
  const onOutput = (output: string): void => {
    const size = /\(([\d.]+) MB\)/.exec(output)?.[1]
    if (size !== undefined) total = Number(size) * 1e6
  }
  const words = [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--python-version',
    WHEEL_PYTHON,
    '--retries',
    '2',
    '--progress-bar',
    'off',
    ...PREFIXES.flatMap((prefix) => ['--platform', `${prefix}_${machine}`]),
    '--dest',
    folder,
    `${project}${range}`,
  ]
  const timer = setInterval(() => void bytesUnder(temporary).then((bytes) => options.onBytes(bytes, total)), LOOK_MS)
  try {
    for (const [program, ...before] of WAYS) {
      const known = await runProgram(program, [...before, '--version'], { environment, signal: options.signal })
      if (known?.code !== 0) continue
      const ended = await runProgram(program, [...before, ...words], { environment, signal: options.signal, onOutput })
      const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
      if (ended?.code === 0 && wheel !== undefined) return { path: join(folder, wheel) }
      const errors =
        ended?.output
          .split('\n')
          .filter((line) => line.startsWith('ERROR'))
          .join(' ') ?? ''
      return {
        path: null,
        reason: `pip failed: ${errors === '' ? lastLines(ended?.output ?? '') : errors.slice(0, 600)}`,
      }
    }
    return { path: null, reason: 'pip is not installed' }
  } finally {
    clearInterval(timer)
  }
}
