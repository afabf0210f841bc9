import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { asLabError, LabError } from '../../contract/index.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { parseOwnJson } from '../files/json.js'
import { ifMissing, isUnreadable } from '../files/missing.js'
import { readSafetensors, writeSafetensors } from '../formats/index.js'
import type { StoredCheckpoint } from './archive.js'

const NAME = /^(\d+)-(\d+)\.json$/
const FILE = /^(\d+-\d+)\.(?:json|safetensors)$/

interface CheckpointName {
  epoch: number
  step: number
  stem: string
}

/** Checkpoints of a folder, oldest first. The JSON file is written last, so its presence means that the tensors are complete. */
async function listCheckpoints(folder: string): Promise<CheckpointName[]> {
  const names = await readdir(folder).catch(ifMissing([]))
  return names
    .flatMap((name) => {
      const match = NAME.exec(name)
      return match === null ? [] : [{ epoch: Number(match[1]), step: Number(match[2]), stem: name.slice(0, -5) }]
    })
    .sort((a, b) => a.step - b.step)
}

/** Writes a checkpoint and removes all but the last `keep` up to it once it is safe. */
export async function writeCheckpointFiles(
  folder: string,
  { epoch, step, tensors, state }: StoredCheckpoint,
  keep: number,
): Promise<void> {
  const stem = `${epoch}-${step}`
  await writeFileAtomically(join(folder, `${stem}.safetensors`), writeSafetensors(tensors))
  await writeFileAtomically(
    join(folder, `${stem}.json`),
    new TextEncoder().encode(`${JSON.stringify({ epoch, step, state })}\n`),
  )
  await removeOthers(folder, step, keep)
}

/**
 * Keeps the last checkpoints up to this step, and removes all others: older ones, damaged ones of later steps from which the run
 * could not go on, and tensors that a crash left without their JSON file.
 */
async function removeOthers(folder: string, step: number, keep: number): Promise<void> {
  const kept = (await listCheckpoints(folder)).filter((known) => known.step <= step).slice(-Math.max(1, keep))
  const stems = new Set(kept.map(({ stem }) => stem))
  const others = (await readdir(folder)).filter((name) => {
    const stem = FILE.exec(name)?.[1]
    return stem !== undefined && !stems.has(stem)
  })
  // The JSON files first: without them, what is left of a checkpoint is none.
  for (const name of others.sort()) await rm(join(folder, name), { force: true })
}

async function readCheckpoint(folder: string, { epoch, step, stem }: CheckpointName): Promise<StoredCheckpoint> {
  const reported = parseOwnJson(await readFile(join(folder, `${stem}.json`)), `${stem}.json`) as { state?: unknown }
  if (typeof reported.state !== 'object' || reported.state === null)
    throw new LabError('file.damaged', `${stem}.json contains no state`)
  return {
    epoch,
    step,
    tensors: readSafetensors(await readFile(join(folder, `${stem}.safetensors`))).tensors,
    state: reported.state as Record<string, unknown>,
  }
}

/**
 * The last checkpoint that reads whole.
 *
 * @param onDamage - called with every newer one that was skipped
 * @throws LabError `file.unreadable` when one cannot be read now
 */
export async function readLastCheckpointFiles(
  folder: string,
  onDamage: (name: string) => Promise<void>,
): Promise<StoredCheckpoint | null> {
  for (const name of (await listCheckpoints(folder)).reverse()) {
    try {
      return await readCheckpoint(folder, name)
    } catch (error) {
      // A disk that fails now does not make older weights the right ones.
      if (isUnreadable(error))
        throw new LabError(
          'file.unreadable',
          `the checkpoint ${name.stem}: ${asLabError(error).message}`,
          { folder },
          error,
        )
      await onDamage(name.stem)
    }
  }
  return null
}
