import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../contract/index.js'
import { homeFolder } from '../home.js'

/** The packages whose sources and kernels are used; their own download is not. */
export const BINDING_PACKAGES = { cpu: '@tensorflow/tfjs-node', cuda: '@tensorflow/tfjs-node-gpu' } as const
export type TensorflowBuild = keyof typeof BINDING_PACKAGES

/** The add-on's place inside the folder; the libraries lie beside it. */
export const ADD_ON = 'lib/tfjs_binding.node'
export const MANIFEST = 'tensorflow.json'

const manifest = z.strictObject({
  version: z.literal(1),
  tensorflow: z.string().min(1),
  build: z.enum(['cpu', 'cuda']),
  platform: z.string().min(1),
  installedAt: z.string(),
  wheels: z.array(z.strictObject({ name: z.string(), sha256: z.string() })),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int().min(0) })),
})
/** What `lab tensorflow install` leaves beside the libraries; the last file to be written. */
export type TensorflowManifest = z.infer<typeof manifest>

/** TensorFlow as it lies on this machine. */
export interface Installation {
  folder: string
  manifest: TensorflowManifest
}

/**
 * Where TensorFlow's libraries and the add-on lie: outside node_modules, which `npm ci` empties.
 *
 * @returns LOCALLEARNING_TENSORFLOW if set, else `tensorflow` in the workbench's home
 */
export function tensorflowFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment['LOCALLEARNING_TENSORFLOW']
  return given ? resolve(given) : join(homeFolder(environment), 'tensorflow')
}

/**
 * Reads what is installed, and looks whether every file is there with its size.
 *
 * @returns null when nothing is installed
 * @throws LabError `executor.unavailable` naming what is half-installed or made for another machine
 */
export async function readInstallation(folder: string): Promise<Installation | null> {
  const path = join(folder, MANIFEST)
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) {
    if (
      await stat(folder).then(
        () => true,
        () => false,
      )
    )
      throw unusable(folder, `${MANIFEST} is missing`)
    return null
  }
  const read = manifest.safeParse(parsed(text))
  if (!read.success) throw unusable(folder, `${MANIFEST} is damaged`)
  const { platform, files } = read.data
  const here = `${process.platform} ${process.arch}`
  if (platform !== here) throw unusable(folder, `it was installed for ${platform}, but this is ${here}`)
  for (const file of files) {
    const bytes = await stat(join(folder, file.path)).then(
      ({ size }) => size,
      () => null,
    )
    if (bytes !== file.bytes)
      throw unusable(
        folder,
        bytes === null ? `${file.path} is missing` : `${file.path} has ${bytes} of ${file.bytes} bytes`,
      )
  }
  return { folder, manifest: read.data }
}

const unusable = (folder: string, fact: string): LabError =>
  new LabError('executor.unavailable', `TensorFlow in ${folder} is not completely installed: ${fact}`, { folder })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
