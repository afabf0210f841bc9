import { chmod, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { asLabError, LabError } from '../../contract/index.js'
import { writeError, writeFileAtomically } from '../files/atomicWrite.js'
import { mapEach } from '../files/eachOf.js'
import { bindingSources, checkSymbols, compileAddOn, findCompiler, LIBRARIES, neededHeaders } from './addOn.js'
import { cudaFiles, fetchWheel, openTensorflowWheel, sortWheels, type FetchTools } from './fetchWheel.js'
import {
  ADD_ON,
  BINDING_PACKAGES,
  MANIFEST,
  type Installation,
  type TensorflowBuild,
  type TensorflowManifest,
} from './installation.js'
import { runTrial } from './runTrial.js'
import { cudaRequirements } from './versions.js'
import { openWheel, placeOf, sha256Of, type Wheel } from './wheel.js'
import { makeFolder } from '../files/folders.js'

/** What is installed, and from where. */
export interface InstallOptions extends FetchTools {
  /** Replaced as a whole, and only at the end. */
  folder: string
  build: TensorflowBuild
  /** Wheels on this disk: TensorFlow's own, and libraries of CUDA; what is not among them is fetched. */
  wheels: readonly string[]
  /** Whether the libraries of CUDA are brought too; without them the system's own must serve. */
  cudaLibraries: boolean
}

const MACHINES: Partial<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' }
const UNDER_WAY = /\.(\d+)\.(installing|replaced)$/

/** The machine's name in wheels. @throws LabError `tensorflow.install` where TensorFlow cannot be had this way */
function machineName(build: TensorflowBuild): string {
  if (platform() === 'win32')
    throw new LabError(
      'tensorflow.install',
      'the TensorFlow wheels for Windows do not contain the C library; use WSL, or the backends that are installed by npm',
    )
  const machine = MACHINES[arch()]
  if (platform() !== 'linux' || machine === undefined)
    throw new LabError(
      'tensorflow.install',
      `TensorFlow can be installed on Linux only; this is ${platform()} ${arch()}`,
    )
  if (build === 'cuda' && machine !== 'x86_64')
    throw new LabError('tensorflow.install', `there is no CUDA build for ${machine}`)
  return machine
}

/** Removes what installations that were killed have left; those of living processes stay. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder)).catch(() => [])) {
    const pid = name.startsWith(`${basename(folder)}.`) ? Number(UNDER_WAY.exec(name)?.[1] ?? NaN) : NaN
    if (
      Number.isInteger(pid) &&
      !(await stat(`/proc/${pid}`).then(
        () => true,
        () => false,
      ))
    )
      await rm(join(dirname(folder), name), { recursive: true, force: true })
  }
}

async function unpackAll(
  wheel: Wheel,
  names: readonly string[],
  to: (name: string) => string,
  label: string,
  { progress, signal }: FetchTools,
): Promise<void> {
  const total = names.reduce((sum, name) => sum + wheel.bytesOf(name), 0)
  let done = 0
  for (const name of names) {
    if (signal?.aborted === true) throw new LabError('cancelled', 'the installation was stopped; nothing was changed')
    await wheel.unpack(name, to(name), (bytes) => {
      done += bytes
      progress.bytes(label, done, total)
    })
  }
}

async function filesUnder(folder: string): Promise<TensorflowManifest['files']> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const files = await mapEach(entries, async (entry) => {
    const path = join(entry.parentPath, entry.name)
    return { path: path.slice(folder.length + 1), bytes: (await stat(path)).size }
  })
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Fills the stage with libraries and add-on. */
async function build(stage: string, work: string, options: InstallOptions): Promise<TensorflowManifest> {
  const { progress, environment, signal } = options
  const machine = machineName(options.build)
  const sources = bindingSources(BINDING_PACKAGES[options.build])
  const compiler = await findCompiler({ environment, signal })
  const given = await sortWheels(options.wheels)
  const wheels: TensorflowManifest['wheels'] = []
  const note = async (path: string): Promise<void> =>
    void wheels.push({ name: basename(path), sha256: await sha256Of(path) })

  const wheel = await openTensorflowWheel(
    given.tensorflow ?? (await fetchWheel('tensorflow', { build: options.build, machine }, work, options)),
    options.build,
    machine,
  )
  try {
    await note(wheel.path)
    await unpackAll(
      wheel,
      LIBRARIES.map((name) => `tensorflow/${name}`),
      (name) => join(stage, 'lib', basename(name)),
      'Unpacking TensorFlow',
      options,
    )
    const [headers, headerNames] = [join(work, 'headers'), await neededHeaders(sources, wheel.names, wheel.text)]
    await unpackAll(wheel, headerNames, (name) => placeOf(headers, name), 'Unpacking headers', options)
    await checkSymbols(
      sources,
      await mapEach(headerNames, (name) => readFile(placeOf(headers, name), 'utf8')),
      join(stage, 'lib'),
    )
    progress.say(`Compiling the add-on with ${compiler}`)
    await compileAddOn(compiler, sources, headers, stage, { environment, signal })
    for (const requirement of options.build === 'cuda' && options.cudaLibraries
      ? cudaRequirements(wheel.requirements)
      : []) {
      const path =
        given.others.get(requirement.project) ??
        (await fetchWheel(requirement, { build: 'cuda', machine }, work, options))
      const library = await openWheel(path)
      try {
        await note(path)
        await unpackAll(
          library,
          cudaFiles(library, machine),
          (name) => placeOf(stage, name),
          `Unpacking ${requirement.project}`,
          options,
        )
      } finally {
        await library.close()
      }
      if (!options.wheels.includes(path)) await rm(path)
    }
  } finally {
    await wheel.close()
  }
  const files = await filesUnder(stage)
  // Programs of the compiler for graphics processors, which TensorFlow starts.
  for (const { path } of files) if (path.includes('/bin/')) await chmod(join(stage, path), 0o755)
  return {
    version: 1,
    tensorflow: wheel.version,
    build: options.build,
    platform: `${platform()} ${process.arch}`,
    installedAt: new Date().toISOString(),
    wheels,
    files,
  }
}

/** Puts the stage in the place of what is there; what is there comes back when that fails. */
async function replace(folder: string, stage: string): Promise<void> {
  const old = `${folder}.${process.pid}.replaced`
  const had = await rename(folder, old).then(
    () => true,
    (error: unknown) => {
      if (asLabError(error).code === 'file.unreadable') return false
      throw writeError(folder, error)
    },
  )
  await rename(stage, folder).catch(async (error: unknown) => {
    if (had) await rename(old, folder)
    throw writeError(folder, error)
  })
  await rm(old, { recursive: true, force: true })
}

/**
 * Installs TensorFlow for the executors `tensorflow` and `tensorflow-gpu`.
 *
 * The C library comes from TensorFlow's wheel, the add-on is compiled from the sources of tfjs-node against it, and both are
 * tried in a process of their own. Everything happens in a folder beside the old one, which is replaced at the very end.
 *
 * @returns what lies in the folder now
 * @throws LabError `tensorflow.install` saying what was wrong; `cancelled`, `file.diskFull`, `file.unwritable`; nothing was changed then
 */
export async function installTensorflow(options: InstallOptions): Promise<Installation> {
  const stage = `${options.folder}.${process.pid}.installing`
  const [work, product] = [join(stage, 'work'), join(stage, 'product')]
  await sweep(options.folder)
  try {
    await makeFolder(work).catch((error: unknown) => {
      throw writeError(stage, error)
    })
    await makeFolder(join(product, dirname(ADD_ON)))
    const manifest = await build(product, work, options)
    await writeFileAtomically(join(product, MANIFEST), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`))
    options.progress.say('Testing it in a separate process')
    await runTrial(product, options)
    await replace(options.folder, product)
    return { folder: options.folder, manifest }
  } catch (error) {
    const known = asLabError(error)
    throw known.code === 'internal' || known.code === 'file.unreadable'
      ? new LabError('tensorflow.install', known.message, {}, error)
      : known
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

/**
 * Removes what {@link installTensorflow} put there, whole or half.
 *
 * @returns whether anything was there
 */
export async function removeTensorflow(folder: string): Promise<boolean> {
  await sweep(folder)
  if (
    !(await stat(folder).then(
      () => true,
      () => false,
    ))
  )
    return false
  // Only a folder of ours: LOCALLEARNING_TENSORFLOW may name any.
  const foreign = (await readdir(folder)).filter((name) => ![MANIFEST, 'lib', 'nvidia'].includes(name))
  if (foreign.length > 0)
    throw new LabError(
      'tensorflow.install',
      `${folder} contains ${foreign[0]}, which is not part of the installation; delete the folder manually`,
    )
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
    throw writeError(folder, error)
  })
  return true
}
