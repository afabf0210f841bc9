import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError, asLabError, parseExperiment, type Preset } from '../contract/index.js'

const preset = z.strictObject({
  id: z.string().min(1),
  label: z.string().min(1),
  description: z.string(),
  spec: z.unknown().transform(parseExperiment),
})

/** What a person meets first: a look in a minute, then the demonstration, then the paper. */
const ORDER = [
  'quick-look',
  'cifar10-demo',
  'cifar10-paper',
  'mnist-paper',
  'quick-classifier',
  'cifar10-bp-demo',
  'cifar10-kh-demo',
  'cifar10-kh',
  'cifar10-bp',
  'cifar10-l2',
  'cifar10-jreg',
  'cifar10-specreg',
  'cifar10-specreg-kh',
]

/**
 * Reads `presets/*.json` of the resources.
 *
 * @returns in the order in which a form offers them
 * @throws LabError naming the file when one does not fit its form
 */
export async function readPresets(resourcesFolder: string): Promise<Preset[]> {
  const folder = join(resourcesFolder, 'presets')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const presets = await Promise.all(
    names.map(async (name) => {
      try {
        return preset.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
      } catch (error) {
        const { code, message } = asLabError(error)
        throw new LabError(code === 'internal' ? 'file.damaged' : code, `${join(folder, name)}: ${message}`, {}, error)
      }
    }),
  )
  const place = (id: string): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length)
  return presets.sort((a, b) => place(a.id) - place(b.id) || a.label.localeCompare(b.label))
}
