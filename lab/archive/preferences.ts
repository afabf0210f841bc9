import { join } from 'node:path'
import type { RunId } from '../../contract/index.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { createTurns } from '../inTurn.js'
import type { Archive } from './archive.js'
import { bytesOf, openDocument, type DocumentPlace } from './document.js'
import { QUEUE_FORM, SETTINGS_FORM } from './settings.js'

/**
 * Settings and the order of the queue: read once, since this process owns them, and changed in memory after the disk.
 */
export async function openPreferences(
  place: DocumentPlace,
): Promise<Pick<Archive, 'readSettings' | 'changeSettings' | 'readQueue' | 'writeQueue'>> {
  let stored = await openDocument(SETTINGS_FORM, place)
  let queue = await openDocument(QUEUE_FORM, place)
  const inTurn = createTurns()
  return {
    readSettings: async () => ({ ...stored.settings }),
    changeSettings: (changes) =>
      inTurn(async () => {
        const next = { ...stored, settings: { ...stored.settings, ...changes } }
        await writeFileAtomically(join(place.folder, SETTINGS_FORM.name), bytesOf(SETTINGS_FORM.write(next)))
        stored = next
        return { ...next.settings }
      }),
    readQueue: async () => [...queue],
    writeQueue: (ids) => {
      const next: RunId[] = [...ids]
      return inTurn(async () => {
        await writeFileAtomically(join(place.folder, QUEUE_FORM.name), bytesOf(QUEUE_FORM.write(next)))
        queue = next
      })
    },
  }
}
