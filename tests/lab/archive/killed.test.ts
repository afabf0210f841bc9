import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeCheckpointFiles } from '../../../lab/archive/checkpoints.js'
import { makeWhole, removeWhole, unfinishedName } from '../../../lab/files/wholeFolder.js'
import { processPrefix, sweepProcessFolders } from '../../../lab/files/leftovers.js'
import { writeModelFile } from '../../../lab/formats/index.js'
import { home, lab, labForEachTest, openAgain } from '../lab/eachTest.js'
import { reachState, smallExperiment } from '../lab/harness.js'
import { sceneModel } from '../lab/probeSetup.js'

labForEachTest()
const inArchive = (...path: string[]): string => join(home.folder, 'archive', ...path)
const make = (...path: string[]): void => {
  mkdirSync(join(...path, '..'), { recursive: true })
  writeFileSync(join(...path), 'what a killed program left')
}
const checkpoint = (step: number) => ({ epoch: step, step, tensors: {}, state: {} })

describe('what killed programs leave behind', () => {
  it('is gone once the archive is open again: models, results and uploads on their way, empty jobs', async () => {
    const model = join(home.folder, 'one.safetensors')
    writeFileSync(model, writeModelFile(sceneModel(1), 'safetensors'))
    await lab.call('model.import', { source: { path: model }, name: 'kept' })
    await lab.close()
    make(inArchive('models', unfinishedName('half'), 'model.safetensors'))
    make(inArchive('probes', 'planes', unfinishedName('p-0123456789abcdef'), 'maps.npy'))
    make(inArchive(unfinishedName('uploads'), 'a part'))
    mkdirSync(inArchive('probes', 'robustness', 'a-01234567'), { recursive: true })
    make(inArchive('probes', 'robustness', 'a-89abcdef', 'of somebody else'))
    await openAgain()
    expect(readdirSync(inArchive('models'))).toEqual(['kept'])
    expect(readdirSync(inArchive('probes', 'planes'))).toEqual([])
    expect(readdirSync(inArchive('probes', 'robustness'))).toEqual(['a-89abcdef'])
    expect(readdirSync(inArchive()).filter((name) => name.includes('uploads'))).toEqual([])
    expect((await lab.call('model.list', null)).map(({ name }) => name)).toEqual(['kept'])
  })

  it('scratch files of a hybrid run are deleted at the next start, and not while their owner lives', async () => {
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: 1 }) })
    await reachState(lab, id, 'finished')
    const rows = inArchive('runs', id, 'scratch', 'rows-0.float32')
    make(rows)
    await expect(openAgain()).rejects.toMatchObject({ code: 'archive.busy' })
    expect(existsSync(rows)).toBe(true)
    await lab.close()
    await openAgain()
    expect(existsSync(inArchive('runs', id, 'scratch'))).toBe(false)
    expect((await lab.call('run.get', { id })).record.state).toBe('finished')
  })

  it('a pruning that was killed before its record counts as none, after it as whole', async () => {
    const { id } = await lab.call('run.submit', { spec: smallExperiment({ epochs: 1 }) })
    await reachState(lab, id, 'finished')
    const variances = [...(await lab.call('prune.plan', { id, mode: 'corrected', cutoff: 1 })).variances].sort()
    const prune = (place: number) => lab.call('prune.apply', { id, mode: 'corrected', cutoff: variances[place] ?? 1 })
    const folder = inArchive('runs', id)
    const files = (): Map<string, string> =>
      new Map(
        readdirSync(folder)
          .filter((name) => /prun/.test(name))
          .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
      )
    const reopened = async (): Promise<void> => {
      await lab.close()
      await openAgain()
    }
    await prune(8)
    const [first, recordFirst] = [files(), readFileSync(join(folder, 'run.json'))]
    await prune(4)
    const [second, recordSecond] = [files(), readFileSync(join(folder, 'run.json'))]
    expect(second).not.toEqual(first)
    // As a kill leaves it: the files of the second pruning are written, but its record is not.
    const put = (record: Buffer, named: readonly string[]): void => {
      for (const [name, text] of first) writeFileSync(join(folder, name), text, 'latin1')
      for (const [name, text] of second)
        writeFileSync(join(folder, named.includes(name) ? name : `${name}.next`), text, 'latin1')
      writeFileSync(join(folder, 'run.json'), record)
    }
    put(recordFirst, [])
    await reopened()
    expect(files()).toEqual(first)
    // The record is written, and the files have not got their names yet, or one has.
    for (const named of [[], ['model_pruned.pty']]) {
      put(recordSecond, named)
      await reopened()
      expect(files()).toEqual(second)
    }
    expect((await lab.call('run.get', { id })).record.pruning?.cutoff).toBe(variances[4])
  })

  it('tensors without their JSON file, and damaged checkpoints of later steps, end with the next checkpoint', async () => {
    const folder = join(home.folder, 'checkpoints')
    for (const step of [10, 20, 40]) await writeCheckpointFiles(folder, checkpoint(step), 9)
    make(folder, '15-15.safetensors')
    make(folder, '50-50.json')
    make(folder, 'notes.txt')
    await writeCheckpointFiles(folder, checkpoint(30), 2)
    expect(readdirSync(folder).sort()).toEqual([
      '20-20.json',
      '20-20.safetensors',
      '30-30.json',
      '30-30.safetensors',
      'notes.txt',
    ])
  })

  it('a folder is made and removed whole or not at all', async () => {
    const root = join(home.folder, 'whole')
    const write =
      (text: string) =>
      async (folder: string): Promise<void> => {
        mkdirSync(folder, { recursive: true })
        writeFileSync(join(folder, 'file'), text)
      }
    await makeWhole(root, 'one', write('first'))
    await expect(
      makeWhole(root, 'one', async (folder) => {
        await write('half')(folder)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(readdirSync(root)).toEqual(['one'])
    await makeWhole(root, 'one', write('second'))
    expect(readdirSync(root)).toEqual(['one'])
    await removeWhole(root, 'one')
    await removeWhole(root, 'one')
    expect(readdirSync(root)).toEqual([])
  })

  it('folders for sockets of processes that ended are removed, and those of living ones stay', async () => {
    const own = `${processPrefix('locallearning')}abc123`
    const dead = own.replace(`-${process.pid}-`, `-${2 ** 22 + 1}-`)
    for (const name of [own, dead, 'locallearning-notes']) make(home.folder, name, 'commands.sock')
    await sweepProcessFolders(home.folder, 'locallearning')
    expect([own, dead, 'locallearning-notes'].map((name) => existsSync(join(home.folder, name)))).toEqual([
      true,
      false,
      true,
    ])
  })
})
