import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { LabError } from '../../contract/index.js'
import { nodeRequire } from '../nodeRequire.js'
import { offeredSymbols } from './elfSymbols.js'
import { ADD_ON } from './installation.js'
import { lastLines, runProgram, type ProgramOptions } from './program.js'

/** Version of Node's binary interface that the sources ask for; the same add-on serves every newer Node and Electron. */
const NAPI_VERSION = 8
const COMPILERS = ['c++', 'g++', 'clang++']
const HEADERS = 'tensorflow/include'

/** The libraries that the add-on calls, as their wheel names them. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']

/** Folder with the C++ sources of the add-on. @throws LabError `tensorflow.install` when the package is not here */
export function bindingSources(packageName: string): string {
  try {
    return join(dirname(nodeRequire.resolve(`${packageName}/package.json`)), 'binding')
  } catch (error) {
    throw new LabError(
      'tensorflow.install',
      `the package ${packageName} is not installed; run \`npm ci --include=optional\` in the folder of the workbench`,
      {},
      error,
    )
  }
}

/** Finds a C++ compiler: CXX if set, else the usual names. @throws LabError `tensorflow.install` */
export async function findCompiler(options: ProgramOptions): Promise<string> {
  const given = options.environment['CXX']
  const names = given ? [given] : COMPILERS
  for (const name of names) if ((await runProgram(name, ['--version'], options))?.code === 0) return name
  throw new LabError(
    'tensorflow.install',
    `no C++ compiler was found (tried ${names.join(', ')}); install one with apt install g++ (Debian, Ubuntu) or dnf install gcc-c++ (Fedora)`,
  )
}

async function sourceTexts(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /\.(cc|h)$/.test(name))
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
}

/** Functions of TensorFlow's C interface that the sources call; classes of their own and what the headers define inline are none. */
async function calledSymbols(sources: string, headers: readonly string[]): Promise<string[]> {
  const texts = await sourceTexts(sources)
  const own = new Set(
    [...texts, ...headers].flatMap((text) =>
      [...text.matchAll(/\bclass (TFE?_\w+)|\binline\b[^;{]*?\b(TFE?_\w+)\s*\(/g)].map((match) => match[1] ?? match[2]),
    ),
  )
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/\b(TFE?_[A-Z]\w*)\s*\(/g)].map((match) => match[1] ?? ''))),
  ]
    .filter((name) => !own.has(name))
    .sort()
}

/**
 * Looks whether the libraries have every function that the add-on calls.
 *
 * @param headers - texts of the headers that the sources include
 * @param libraries - folder with {@link LIBRARIES}
 * @throws LabError `tensorflow.install` naming what is missing
 */
export async function checkSymbols(sources: string, headers: readonly string[], libraries: string): Promise<void> {
  const offered: Awaited<ReturnType<typeof offeredSymbols>>[] = []
  // One after the other, so that of several that cannot be used the first is named.
  for (const name of LIBRARIES) {
    offered.push(
      await offeredSymbols(join(libraries, name), 'TF').catch((error: unknown) => {
        throw new LabError(
          'tensorflow.install',
          `${name} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
          {},
          error,
        )
      }),
    )
  }
  const missing = (await calledSymbols(sources, headers)).filter((name) => !offered.some((names) => names.has(name)))
  if (missing.length === 0) return
  throw new LabError(
    'tensorflow.install',
    `this build of TensorFlow lacks ${missing.length} C API functions that the add-on calls: ${missing.slice(0, 6).join(', ')}${missing.length > 6 ? ' …' : ''}`,
  )
}

const includesOf = (text: string): string[] =>
  [...text.matchAll(/^\s*#\s*include\s+["<]([^">]+)[">]/gm)].map((match) => match[1] ?? '')

/**
 * Names of the headers that the sources need, with what these need in turn: 14 of 13 000.
 *
 * @param names - names of the wheel's files
 * @param text - reads one of them
 */
export async function neededHeaders(
  sources: string,
  names: readonly string[],
  text: (name: string) => Promise<string>,
): Promise<string[]> {
  const present = new Set(names)
  const found = new Set<string>()
  const queue = (await sourceTexts(sources)).flatMap(includesOf).map((name) => posix.join(HEADERS, name))
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (!present.has(name) || found.has(name)) continue
    found.add(name)
    const content = await text(name)
    for (const included of includesOf(content))
      queue.push(posix.join(HEADERS, included), posix.join(posix.dirname(name), included))
  }
  return [...found]
}

/**
 * Compiles the add-on; it finds the libraries in its own folder.
 *
 * @param headers - folder that holds `tensorflow/include`
 * @param folder - the installation; the add-on goes to {@link ADD_ON}
 * @throws LabError `tensorflow.install` with the compiler's words
 */
export async function compileAddOn(
  compiler: string,
  sources: string,
  headers: string,
  folder: string,
  options: ProgramOptions,
): Promise<void> {
  const napi = join(dirname(nodeRequire.resolve('node-api-headers/package.json')), 'include')
  const units = (await readdir(sources)).filter((name) => name.endsWith('.cc')).map((name) => join(sources, name))
  const libraries = dirname(join(folder, ADD_ON))
  const ended = await runProgram(
    compiler,
    [
      '-shared',
      '-fPIC',
      '-O2',
      '-std=c++17',
      `-DNAPI_VERSION=${NAPI_VERSION}`,
      `-I${napi}`,
      `-I${join(headers, HEADERS)}`,
      ...units,
      '-o',
      join(folder, ADD_ON),
      `-L${libraries}`,
      ...LIBRARIES.map((name) => `-l:${name}`),
      '-Wl,-rpath,$ORIGIN',
      '-Wl,--allow-shlib-undefined',
    ],
    options,
  )
  if (ended?.code === 0) return
  const fault =
    ended?.output
      .split('\n')
      .find((line) => /error/i.test(line))
      ?.trim() ?? lastLines(ended?.output ?? '')
  throw new LabError(
    'tensorflow.install',
    `the add-on could not be compiled with ${compiler}: ${fault.slice(0, 600)}`,
    { compiler },
  )
}
