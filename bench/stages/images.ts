import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { asLabError } from '../../contract/index.js'
import type { ImageSource } from '../../engine/datasets/index.js'
import { loadSource } from '../../lab/datasets/loadSource.js'

/** Folders where CIFAR-10 is looked for. */
export const DATA_FOLDERS = [
  process.env['LOCALLEARNING_DATA'] ?? '',
  fileURLToPath(new URL('../../../shared/data', import.meta.url)),
].filter((folder) => folder !== '' && existsSync(folder))

/** Real CIFAR-10, or the built-in scenes with a word about it. */
export async function trainingImages(limit: number): Promise<{ source: ImageSource; note: string }> {
  try {
    const source = await loadSource({ kind: 'cifar10', imageLimit: limit }, 'train', {
      folders: DATA_FOLDERS,
      home: '',
    })
    return { source, note: `${source.count} images of CIFAR-10` }
  } catch (error) {
    const source = await loadSource({ kind: 'syntheticScenes', imageLimit: limit, dataSeed: 1 }, 'train', {
      folders: [],
      home: '',
    })
    return { source, note: `${source.count} built-in scenes, for want of CIFAR-10 (${asLabError(error).message})` }
  }
}
