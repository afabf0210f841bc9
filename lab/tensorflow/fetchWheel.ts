import { basename, join } from 'node:path'
import { LabError } from '../../contract/index.js'
import { LIBRARIES } from './addOn.js'
import type { TensorflowBuild } from './installation.js'
import { indexDownload } from './packageIndex.js'
import { pipDownload } from './pip.js'
import type { Requirement } from './versions.js'
import { openWheel, projectName, type Wheel } from './wheel.js'
import { makeFolder } from '../files/folders.js'

/** The release that the add-on's sources have been tried with; `--wheel` takes any other. */
export const TENSORFLOW_VERSION = '2.21.0'

/** What downloads need, and how they report progress. */
export interface FetchTools {
  environment: NodeJS.ProcessEnv
  signal?: AbortSignal | undefined
  progress: {
    say(text: string): void
    bytes(label: string, done: number, total: number | null): void
  }
}

/** Which build, on which machine. */
export interface Wanted {
  build: TensorflowBuild
  /** `x86_64` or `aarch64`. */
  machine: string
}

/** PyPI's name of a build: `tensorflow` is the CUDA build on x86_64, and the plain one on aarch64. */
const tensorflowProject = ({ build, machine }: Wanted): string =>
  build === 'cpu' && machine === 'x86_64' ? 'tensorflow-cpu' : 'tensorflow'

/**
 * Fetches a wheel: with pip where it is, else straight from the index.
 *
 * @param what - `tensorflow` for TensorFlow itself, or a library
 * @throws LabError `tensorflow.install` with the reasons of both ways
 */
export async function fetchWheel(
  what: 'tensorflow' | Requirement,
  wanted: Wanted,
  work: string,
  { environment, signal, progress }: FetchTools,
): Promise<string> {
  const requirement: Requirement =
    what === 'tensorflow' ? { project: tensorflowProject(wanted), range: `==${TENSORFLOW_VERSION}` } : what
  const label = `Downloading ${requirement.project}`
  const folder = join(work, requirement.project)
  await makeFolder(folder)
  const onBytes = (done: number, total: number | null): void => progress.bytes(label, done, total)
  const answer = await pipDownload(requirement, wanted.machine, folder, { environment, signal, onBytes })
  if (answer.path !== null) return answer.path
  progress.say(`${answer.reason}; downloading ${requirement.project} directly`)
  try {
    return await indexDownload(requirement, wanted.machine, folder, {
      index: environment['PIP_INDEX_URL'],
      signal,
      onBytes,
    })
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'tensorflow.install') throw error
    throw new LabError(
      'tensorflow.install',
      `${requirement.project} could not be downloaded: ${answer.reason}; ${error.message}. You can pass a wheel downloaded elsewhere with --wheel FILE`,
      {},
      error,
    )
  }
}

/** Wheels that the user names, by what they are. @throws LabError `tensorflow.install`, `file.unreadable` */
export async function sortWheels(
  paths: readonly string[],
): Promise<{ tensorflow: string | null; others: Map<string, string> }> {
  let tensorflow: string | null = null
  const others = new Map<string, string>()
  for (const path of paths) {
    const wheel = await openWheel(path)
    await wheel.close()
    if (wheel.project.startsWith('nvidia_')) others.set(wheel.project.replaceAll('_', '-'), path)
    else if (!wheel.project.startsWith('tensorflow'))
      throw new LabError(
        'tensorflow.install',
        `${basename(path)} is a wheel of ${wheel.project}; expected a wheel of tensorflow`,
        { path },
      )
    else if (tensorflow !== null)
      throw new LabError('usage', `expected one wheel of tensorflow, got ${basename(tensorflow)} and ${basename(path)}`)
    else tensorflow = path
  }
  return { tensorflow, others }
}

/** @throws LabError `tensorflow.install` when a wheel is made for another kind of machine */
function checkTags(wheel: Wheel, machine: string): void {
  if (wheel.tags.some((tag) => tag.includes('manylinux') && tag.endsWith(`_${machine}`))) return
  const windows = wheel.tags.some((tag) => tag.includes('-win'))
    ? '; the wheels for Windows do not contain the C library'
    : ''
  throw new LabError(
    'tensorflow.install',
    `${basename(wheel.path)} is built for ${wheel.tags.join(', ') || 'an unknown platform'}, but this is Linux on ${machine}${windows}`,
  )
}

/**
 * Opens a wheel of TensorFlow that serves this machine and the build that was asked for.
 *
 * @throws LabError `tensorflow.install` for another machine's, another build's, or one without the C library
 */
export async function openTensorflowWheel(path: string, build: TensorflowBuild, machine: string): Promise<Wheel> {
  const wheel = await openWheel(path)
  try {
    if (!['tensorflow', 'tensorflow_cpu'].includes(wheel.project))
      throw new LabError(
        'tensorflow.install',
        `${basename(path)} is a wheel of ${wheel.project}; expected a wheel of tensorflow`,
        { path },
      )
    checkTags(wheel, machine)
    const isCuda = wheel.project === projectName('tensorflow') && machine === 'x86_64'
    if (isCuda !== (build === 'cuda'))
      throw new LabError(
        'tensorflow.install',
        `${basename(path)} is the ${isCuda ? 'CUDA build; install it with --gpu' : 'build without CUDA; install it without --gpu'}`,
      )
    const missing = LIBRARIES.find((name) => !wheel.names.includes(`tensorflow/${name}`))
    if (missing !== undefined)
      throw new LabError(
        'tensorflow.install',
        `${basename(path)} does not contain ${missing}; use a wheel of TensorFlow ${TENSORFLOW_VERSION}`,
      )
    return wheel
  } catch (error) {
    await wheel.close()
    throw error
  }
}

/** Files of a CUDA library's wheel that are used when computing: no headers, no static libraries. */
export function cudaFiles(wheel: Wheel, machine: string): string[] {
  checkTags(wheel, machine)
  return wheel.names.filter(
    (name) =>
      name.startsWith('nvidia/') &&
      !name.endsWith('/') &&
      !name.includes('/include/') &&
      !/\.(a|h|py|pyi|md|txt)$/i.test(name),
  )
}
