import { join } from 'node:path'
import { z } from 'zod'
import { assignLooks, type Look, type Looks, type LookRequest } from '../contract/index.js'
import { bytesOf, openDocument, type DocumentForm, type DocumentPlace } from './archive/document.js'
import { writeFileAtomically } from './files/atomicWrite.js'
import { createTurns } from './inTurn.js'

/** The looks of an archive: `looks.json`. */
export interface LookBook {
  /** Looks of what was asked for, and those given just now. */
  assign(requests: readonly LookRequest[]): Promise<{ looks: Looks; given: Looks }>
  /** The looks that `assign` would answer with; nothing is given or written, as a read-only archive needs it. */
  preview(requests: readonly LookRequest[]): Promise<Looks>
}

const stored = z.object({ version: z.literal(1), looks: z.record(z.string(), z.int().min(0)) })

const LOOKS_FORM: DocumentForm<Looks> = {
  name: 'looks.json',
  initial: {},
  read: (json) => {
    const { data } = stored.safeParse(json)
    return data === undefined ? { value: {}, faults: ['new colours are given'] } : { value: data.looks, faults: [] }
  },
  write: (looks) => ({ version: 1, looks }) satisfies { version: 1; looks: Record<string, Look> },
}

/** @param place - of the archive; where it cannot be read or written, looks last as long as the program */
export function createLookBook(place: DocumentPlace): LookBook {
  const path = join(place.folder, LOOKS_FORM.name)
  const inTurn = createTurns()
  let held: Looks | null = null
  const identitiesOf = (requests: readonly LookRequest[]): ReadonlySet<string> =>
    new Set(requests.map(({ identity }) => identity))
  let writable = true
  const readLooks = (): Promise<Looks> =>
    openDocument(LOOKS_FORM, place).catch(() => {
      // What could not be read is not written over.
      writable = false
      return {}
    })
  return {
    preview: async (requests) => {
      const asked = identitiesOf(requests)
      const looks = assignLooks(held ?? (await readLooks()), requests)
      return Object.fromEntries(Object.entries(looks).filter(([identity]) => asked.has(identity)))
    },
    assign: (requests) =>
      inTurn(async () => {
        const before: Looks = held ?? (await readLooks())
        const after = assignLooks(before, requests)
        held = after
        const pick = (wanted: (identity: string) => boolean): Looks =>
          Object.fromEntries(Object.entries(after).filter(([identity]) => wanted(identity)))
        const asked = identitiesOf(requests)
        const given = pick((identity) => !Object.hasOwn(before, identity))
        if (Object.keys(given).length > 0 && writable)
          await writeFileAtomically(path, bytesOf(LOOKS_FORM.write(after))).catch(() => undefined)
        return { looks: pick((identity) => asked.has(identity)), given }
      }),
  }
}
