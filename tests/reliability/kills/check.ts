import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readNpy, readSafetensors } from '../../../lab/formats/index.js'
import { openTestLab } from '../../lab/lab/harness.js'

/** Names that files and folders have only while something is in progress. */
const UNDER_WAY = /\.(writing|unfinished|group|removed|claim|part|next)$|\.sock$|^lock\.json|^\.lock/

const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
        relative(folder, join(entry.parentPath, entry.name)),
      )
    : []

/** Reads a file by its ending. @throws Error for one that is not whole */
function readWhole(path: string): void {
  const bytes = readFileSync(path)
  if (path.endsWith('.json')) JSON.parse(bytes.toString())
  else if (path.endsWith('.npy')) readNpy(bytes)
  else if (path.endsWith('.safetensors')) readSafetensors(bytes)
  else if (path.endsWith('.jsonl')) for (const line of bytes.toString().split('\n').slice(0, -1)) JSON.parse(line)
}

/** Files without the one that is written last and says that they are there. */
function orphans(names: readonly string[], expectSettled: boolean): string[] {
  const known = new Set(names)
  return names.filter((name) => {
    // The session that goes on with a job replaces these.
    if (!expectSettled && /\/(checkpoints|passes)\//.test(name)) return false
    const checkpoint = /^(runs\/[^/]+\/checkpoints\/.+)\.safetensors$/.exec(name)
    if (checkpoint !== null) return !known.has(`${checkpoint[1]}.json`)
    const document =
      /^((?:probes\/(?:spectra|planes)\/[^/]+)|probes\/robustness\/[^/]+\/passes\/[^/]+)\/[^/]+\.npy$/.exec(name)
    if (document !== null) return !known.has(`${document[1]}/result.json`)
    const model = /^(models\/[^/]+)\/model\.safetensors$/.exec(name)
    if (model !== null) return !known.has(`${model[1]}/model.json`)
    const job = /^(probes\/robustness\/[^/]+|runs\/r-[^/]+|models\/[^/]+|probes\/(?:spectra|planes)\/[^/]+)$/.exec(name)
    if (job === null) return false
    return !['sweep.json', 'run.json', 'model.json', 'result.json'].some((file) => known.has(`${name}/${file}`))
  })
}

/**
 * Opens the archive of a killed program, as the next start does, closes it, and looks at what lies there.
 *
 * @param home - folder with the archive
 * @param expectSettled - whether every job has finished, so that nothing of its work may be left over
 * @returns what is wrong
 */
export async function faultsOf(home: string, expectSettled = false): Promise<string[]> {
  const faults: string[] = []
  const lab = await openTestLab(home)
  try {
    const records = [
      ...(await lab.call('run.list', null)),
      ...(await lab.call('robustness.list', null)),
      ...(await lab.call('replay.list', null)),
    ]
    for (const { id, state, error } of records) {
      if (error !== null && error.code !== 'run.interrupted') faults.push(`${id}: ${error.code} ${error.message}`)
      if (state === 'running') faults.push(`${id} is said to run`)
    }
    for (const { name, note } of await lab.call('model.list', null)) if (note !== null) faults.push(`${name}: ${note}`)
    for (const problem of (await lab.call('lab.vitals', null)).archiveProblems) faults.push(problem)
  } finally {
    await lab.close()
  }
  const archive = join(home, 'archive')
  const names = filesBelow(archive)
  for (const name of names) {
    const base = name.split('/').at(-1) ?? ''
    if (UNDER_WAY.test(base)) faults.push(`left over: ${name}`)
    try {
      if (/\.\w+$/.test(base) && !base.startsWith('.')) readWhole(join(archive, name))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EISDIR'))
        faults.push(`not whole: ${name}: ${String(error)}`)
    }
    if (expectSettled && /\/(scratch|progress)(\/|$)/.test(name)) faults.push(`left over: ${name}`)
  }
  for (const name of orphans(names, expectSettled))
    faults.push(`left over, without the file that says that it is there: ${name}`)
  for (const name of filesBelow(join(home, 'tmp')))
    if (!name.startsWith('tsx') && !name.includes('/')) faults.push(`left over in the temporary folder: ${name}`)
  return faults
}
