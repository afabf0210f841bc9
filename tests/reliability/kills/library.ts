import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { RunId } from '../../../contract/index.js'
import type { LibraryEdit } from '../../../contract/library/edits.js'
import { makeArchive } from '../../../bench/library/makeArchive.js'
import { connectOwner, type OwnerLab } from '../../../lab/owner/connect.js'
import { openTestLab } from '../../lab/lab/harness.js'
import { faultsOf } from './check.js'
import { startLab, type Program } from './program.js'
import { newReport, type KillOptions, type KillReport } from './resumed.js'

/** What users have set of each run, as text. */
type LibraryState = ReadonlyMap<RunId, string>

interface Labels {
  tags: string[]
  note: string
  folder: string
  star: boolean
  trashed: boolean
}
const textOf = ({ tags, ...rest }: Labels): string => JSON.stringify({ tags: [...tags].sort(), ...rest })
const labelsOf = (state: LibraryState, id: RunId): Labels => JSON.parse(state.get(id) ?? 'null') as Labels
const same = (a: LibraryState, b: LibraryState): boolean =>
  a.size === b.size && [...a].every(([id, text]) => b.get(id) === text)

const RUNS = 200
const COLUMNS = ['tag', 'note', 'folder', 'star']

/** The state that an archive has on disk, as the next program reads it. */
async function stateOf(home: string): Promise<LibraryState> {
  const lab = await openTestLab(home)
  try {
    const state = new Map<RunId, string>()
    for (const from of ['library', 'trash'] as const) {
      const { lines } = await lab.call('library.table', { from })
      const { cells } = await lab.call('library.cells', { lines: lines.map(({ ids }) => ids), columns: COLUMNS })
      for (const [place, { ids }] of lines.entries()) {
        const [tags, note, folder, star] = (cells[place] ?? []).map(({ value }) => value)
        const labels = {
          tags: Array.isArray(tags) ? [...(tags as string[])] : [],
          note: String(note ?? ''),
          folder: String(folder ?? ''),
          star: star === true,
          trashed: from === 'trash',
        }
        state.set(ids[0] ?? '', textOf(labels))
      }
    }
    return state
  } finally {
    await lab.close()
  }
}

/** States before each edit that is not undone, the current one last; and those that a redo leads to, the next one last. */
interface History {
  past: readonly LibraryState[]
  future: readonly LibraryState[]
}
const current = ({ past }: History): LibraryState => past.at(-1) as LibraryState

/** An edit of many runs: what the history is after it, and the command that makes it. */
interface BulkEdit {
  after: History
  make(lab: OwnerLab): Promise<unknown>
}

function changed(state: LibraryState, ids: readonly RunId[], change: Partial<Labels> | ((labels: Labels) => Labels)) {
  const next = new Map(state)
  for (const id of ids) {
    const labels = labelsOf(state, id)
    next.set(id, textOf(typeof change === 'function' ? change(labels) : { ...labels, ...change }))
  }
  return next
}

function editOf(history: History, random: () => number, number: number): BulkEdit {
  const { past, future } = history
  const state = current(history)
  const ids = [...state.keys()].filter(() => random() < 0.6)
  const kind = Math.floor(random() * 7)
  if (kind === 5 && past.length > 1)
    return {
      after: { past: past.slice(0, -1), future: [...future, state] },
      make: (lab) => lab.call('library.undo', { sequence: null }),
    }
  const next = future.at(-1)
  if (kind === 6 && next !== undefined)
    return {
      after: { past: [...past, next], future: future.slice(0, -1) },
      make: (lab) => lab.call('library.redo', null),
    }
  const edits: [LibraryEdit, LibraryState][] = [
    [
      { kind: 'tag', ids, add: [`tag ${number}`], remove: [] },
      changed(state, ids, (labels) => ({ ...labels, tags: [...labels.tags, `tag ${number}`] })),
    ],
    [{ kind: 'note', ids, note: `note ${number}` }, changed(state, ids, { note: `note ${number}` })],
    [{ kind: 'move', ids, folder: `Folder ${number}` }, changed(state, ids, { folder: `Folder ${number}` })],
    [{ kind: 'star', ids, star: number % 2 === 0 }, changed(state, ids, { star: number % 2 === 0 })],
    [{ kind: 'trash', ids, trashed: number % 3 !== 0 }, changed(state, ids, { trashed: number % 3 !== 0 })],
  ]
  const [edit, after] = edits[kind % edits.length] as [LibraryEdit, LibraryState]
  return {
    // What changes nothing is no edit.
    after: same(after, state) ? history : { past: [...past, after], future: [] },
    make: (lab) => lab.call('library.edit', edit),
  }
}

async function connected(home: string, owner: Program): Promise<OwnerLab> {
  while (!owner.printed().includes('Workbench:')) {
    if (owner.child.exitCode !== null) throw new Error(`the owner ended: ${owner.printed()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const lab = await connectOwner(join(home, 'archive'), { patienceMs: 15_000 })
  if (lab === null) throw new Error(`nobody answers in ${home}: ${owner.printed()}`)
  lab.lost.catch(() => undefined)
  return lab
}

const isLost = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(archive\.ownerEnded|link\.lost)$/.test(String(error.code))

/** Kills the owner of an archive in the middle of edits of many runs; at the end every edit is undone. */
export async function measureLibraryEdits(options: KillOptions): Promise<KillReport> {
  const report = newReport('library')
  const home = join(options.folder, 'library')
  await makeArchive(join(home, 'archive'), { runs: RUNS, epochs: 1 })
  const first = await stateOf(home)
  let history: History = { past: [first], future: [] }
  let number = 0
  while (report.kills < options.kills) {
    const owner = startLab(['serve', '--port', '0'], home)
    const lab = await connected(home, owner)
    setTimeout(() => owner.kill(), options.random() * 800)
    let under = history
    try {
      for (;;) {
        const edit = editOf(history, options.random, ++number)
        under = edit.after
        await edit.make(lab)
        history = edit.after
        report.acknowledged += 1
      }
    } catch (error) {
      if (!isLost(error)) throw error
    }
    await owner.ended
    await lab.close()
    report.kills += 1
    report.faults.push(...(await faultsOf(home)))
    const found = await stateOf(home)
    const known = [history, under].find((each) => same(current(each), found))
    if (known === undefined) {
      report.faults.push(`kill ${report.kills}: the state is neither the acknowledged one nor the next in ${home}`)
      return report
    }
    history = known
    if (report.kills % 10 === 0)
      options.reported(`library: ${report.kills} kills, ${report.acknowledged} edits, ${report.faults.length} faults`)
  }
  const undone = await undoAll(home, history.past.length - 1)
  if (!same(undone, first)) report.faults.push(`undoing every edit does not lead back in ${home}`)
  else report.identical = report.finished = 1
  if (report.faults.length === 0) rmSync(home, { recursive: true, force: true })
  return report
}

async function undoAll(home: string, edits: number): Promise<LibraryState> {
  const lab = await openTestLab(home)
  try {
    for (let count = 0; count < edits; count++) await lab.call('library.undo', { sequence: null })
  } finally {
    await lab.close()
  }
  return stateOf(home)
}
