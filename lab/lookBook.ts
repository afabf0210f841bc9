import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { assignLooks, type Look, type Looks, type LookWish } from '../contract/index.js'
import { writeFileAtomically } from './files/atomicWrite.js'
import { createTurns } from './inTurn.js'

/** The looks of an archive: `looks.json`. */
export interface LookBook {
  /** Looks of what was asked for, and those given just now. */
  assign(wishes: readonly LookWish[]): Promise<{ looks: Looks; given: Looks }>
  /** The looks that `assign` would answer with; nothing is given or written, as a read-only archive needs it. */
  preview(wishes: readonly LookWish[]): Promise<Looks>
}

const FILE_NAME = 'looks.json'
const stored = z.object({ version: z.literal(1), looks: z.record(z.string(), z.int().min(0)) })

async function readLooks(path: string): Promise<Looks> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return {}
  try {
    const { data } = stored.safeParse(JSON.parse(text))
    return data?.looks ?? {}
  } catch {
    // A damaged file costs nothing but colours.
    return {}
  }
}

/** @param folder - of the archive; where it cannot be written, looks last as long as the program */
export function createLookBook(folder: string): LookBook {
  const path = join(folder, FILE_NAME)
  const inTurn = createTurns()
  let held: Looks | null = null
  const identitiesOf = (wishes: readonly LookWish[]): ReadonlySet<string> => new Set(wishes.map(({ identity }) => identity))
  return {
    preview: async (wishes) => {
      const asked = identitiesOf(wishes)
      const looks = assignLooks(held ?? (await readLooks(path)), wishes)
      return Object.fromEntries(Object.entries(looks).filter(([identity]) => asked.has(identity)))
    },
    assign: (wishes) => inTurn(async () => {
      const before: Looks = held ?? (await readLooks(path))
      const after = assignLooks(before, wishes)
      held = after
      const pick = (wanted: (identity: string) => boolean): Looks => (
        Object.fromEntries(Object.entries(after).filter(([identity]) => wanted(identity)))
      )
      const asked = identitiesOf(wishes)
      const given = pick((identity) => !Object.hasOwn(before, identity))
      if (Object.keys(given).length > 0) {
        const text = `${JSON.stringify({ version: 1, looks: after } satisfies { version: 1; looks: Record<string, Look> }, null, 2)}\n`
        await writeFileAtomically(path, new TextEncoder().encode(text)).catch(() => undefined)
      }
      return { looks: pick((identity) => asked.has(identity)), given }
    }),
  }
}
