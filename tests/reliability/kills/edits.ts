import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeModelFile } from '../../../lab/formats/index.js'
import { connectOwner, type OwnerLab } from '../../../lab/owner/connect.js'
import { openTestLab, smallExperiment } from '../../lab/lab/harness.js'
import { sceneModel } from '../../lab/lab/probeSetup.js'
import { faultsOf } from './check.js'
import { startLab, whole, type Program } from './program.js'
import { newReport, type KillOptions, type KillReport } from './resumed.js'

/** What edits change; runs are known by their names, which differ. */
interface EditState {
  names: string[]
  waiting: string[]
  models: string[]
  theme: string
  pruned: boolean
}

const LONG = 'long'
const FINISHED = 'finished'
const sorted = (names: readonly string[]): string[] => [...names].sort()

/** The state that an archive has on disk, as the next program reads it. */
async function stateOf(home: string): Promise<EditState> {
  const lab = await openTestLab(home)
  try {
    const runs = await lab.call('run.list', null)
    const nameOf = new Map(runs.map(({ id, name }) => [id, name]))
    return {
      names: sorted(runs.map(({ name }) => name)),
      waiting: (await lab.call('queue.get', null)).ids.map((id) => nameOf.get(id) ?? id),
      models: sorted((await lab.call('model.list', null)).flatMap(({ name, run }) => (run === null ? [name] : []))),
      theme: (await lab.call('settings.get', null)).theme,
      pruned: runs.some(({ pruning }) => pruning !== null),
    }
  } finally {
    await lab.close()
  }
}

/** One change: what the state is after it, and the commands that make it. */
interface Edit {
  after: EditState
  make(lab: OwnerLab): Promise<unknown>
}

interface Editor {
  home: string
  random(): number
  next(): number
}

const pick = <Item>(items: readonly Item[], random: () => number): Item | undefined =>
  items[Math.floor(random() * items.length)]

async function idOf(lab: OwnerLab, name: string): Promise<string> {
  return (await lab.call('run.list', null)).find((record) => record.name === name)?.id ?? ''
}

function editOf(state: EditState, { home, random, next }: Editor): Edit {
  const waiting = pick(state.waiting, random)
  const replaced = (names: readonly string[], from: string, to: string): string[] =>
    names.map((name) => (name === from ? to : name))
  const edits: Edit[] = []
  const submitted = `run ${next()}`
  edits.push({
    after: { ...state, names: sorted([...state.names, submitted]), waiting: [...state.waiting, submitted] },
    make: (lab) => lab.call('run.submit', { spec: smallExperiment({ name: submitted }) }),
  })
  if (waiting !== undefined) {
    const renamed = `renamed ${next()}`
    edits.push({
      after: {
        ...state,
        names: sorted(replaced(state.names, waiting, renamed)),
        waiting: replaced(state.waiting, waiting, renamed),
      },
      make: async (lab) => lab.call('run.rename', { id: await idOf(lab, waiting), name: renamed }),
    })
    edits.push({
      after: {
        ...state,
        names: state.names.filter((name) => name !== waiting),
        waiting: state.waiting.filter((name) => name !== waiting),
      },
      make: async (lab) => lab.call('run.remove', { id: await idOf(lab, waiting) }),
    })
    const order = [...state.waiting].reverse()
    edits.push({
      after: { ...state, waiting: order },
      make: async (lab) => lab.call('queue.order', { ids: await Promise.all(order.map((name) => idOf(lab, name))) }),
    })
  }
  const theme = pick(['dark', 'light', 'system'] as const, random) ?? 'dark'
  edits.push({ after: { ...state, theme }, make: (lab) => lab.call('settings.set', { theme }) })
  const model = `model-${next()}`
  edits.push({
    after: { ...state, models: sorted([...state.models, model]) },
    make: (lab) => lab.call('model.import', { source: { path: join(home, 'one.safetensors') }, name: model }),
  })
  const removed = pick(state.models, random)
  if (removed !== undefined)
    edits.push({
      after: { ...state, models: state.models.filter((name) => name !== removed) },
      make: (lab) => lab.call('model.remove', { model: removed }),
    })
  edits.push({
    after: { ...state, pruned: true },
    make: async (lab) => {
      const id = await idOf(lab, FINISHED)
      const { variances } = await lab.call('prune.plan', { id, mode: 'corrected', cutoff: 1 })
      const cutoff = pick([...variances].sort().slice(1), random) ?? 1
      return lab.call('prune.apply', { id, mode: 'corrected', cutoff })
    },
  })
  return pick(edits, random) as Edit
}

/** Edits until the owner is gone. @returns the state that was acknowledged, and the one after the edit that was in progress */
async function editUntilKilled(
  lab: OwnerLab,
  first: EditState,
  editor: Editor,
  acknowledged: () => void,
): Promise<{ state: EditState; under: EditState }> {
  let state = first
  for (;;) {
    const { after, make } = editOf(state, editor)
    try {
      await make(lab)
    } catch (error) {
      if (!(
        error instanceof Error &&
        'code' in error &&
        String(error.code).match(/^(archive\.ownerEnded|link\.lost)$/)
      ))
        throw error
      return { state, under: after }
    }
    state = after
    acknowledged()
  }
}

const same = (a: EditState, b: EditState): boolean => JSON.stringify(a) === JSON.stringify(b)

/** A home with a finished run, a model file, and a long run to keep its owner busy. */
async function template(home: string): Promise<void> {
  writeFileSync(join(home, 'one.safetensors'), writeModelFile(sceneModel(1), 'safetensors'))
  writeFileSync(join(home, 'finished.json'), JSON.stringify(smallExperiment({ name: FINISHED, epochs: 2 })))
  writeFileSync(
    join(home, 'long.json'),
    JSON.stringify(smallExperiment({ name: LONG, epochs: 100_000, images: 100, checkpointEvery: 1 })),
  )
  await whole(startLab(['run', join(home, 'finished.json')], home), 'a small run')
}

async function connected(home: string, owner: Program): Promise<OwnerLab> {
  const lab = await connectOwner(join(home, 'archive'), { patienceMs: 15_000 })
  if (lab === null) throw new Error(`nobody answers in ${home}: ${owner.printed()}`)
  lab.lost.catch(() => undefined)
  return lab
}

/** Waits until the owner has taken the archive, or has ended. */
async function untilOpen(home: string, owner: Program): Promise<OwnerLab> {
  const ended = owner.ended.then((): never => {
    throw new Error(`the owner ended: ${owner.printed()}`)
  })
  ended.catch(() => undefined)
  while (!owner.printed().includes('r-')) await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))])
  return connected(home, owner)
}

/** Kills the owner of an archive while another program edits it. */
export async function measureEdits(options: KillOptions): Promise<KillReport> {
  const report = newReport('edits')
  let number = 0
  const first = join(options.folder, 'edits-template')
  mkdirSync(first, { recursive: true })
  await template(first)
  for (let job = 0; report.kills < options.kills; job++) {
    const home = join(options.folder, `edits-${job}`)
    cpSync(first, home, { recursive: true })
    const editor: Editor = { home, random: options.random, next: () => ++number }
    let state = await stateOf(home)
    let started = false
    for (let kill = 0; kill < 10 && report.kills < options.kills; kill++) {
      const owner = startLab(['run', join(home, 'long.json')], home)
      const lab = await untilOpen(home, owner)
      const long = started ? state.names : sorted([...state.names, LONG])
      started = true
      // Each owner adds a long run of its own; the earlier one is removed to keep names apart.
      const olds = (await lab.call('run.list', null)).filter(
        ({ name, state: at }) => name === LONG && at === 'interrupted',
      )
      for (const { id } of olds) await lab.call('run.remove', { id })
      setTimeout(() => owner.kill(), options.random() * 2500)
      const { state: kept, under } = await editUntilKilled(lab, { ...state, names: long }, editor, () => {
        report.acknowledged += 1
      })
      await owner.ended
      await lab.close()
      report.kills += 1
      report.faults.push(...(await faultsOf(home)))
      const found = await stateOf(home)
      if (!same(found, kept) && !same(found, under))
        report.faults.push(
          `expected ${JSON.stringify(kept)}\n or ${JSON.stringify(under)}\n got ${JSON.stringify(found)} in ${home}`,
        )
      state = found
    }
    report.finished += 1
    options.reported(
      `edits: ${report.kills} kills, ${report.acknowledged} acknowledged, ${report.faults.length} faults`,
    )
    if (report.faults.length === 0) rmSync(home, { recursive: true, force: true })
  }
  report.identical = report.finished
  return report
}
