import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { smallExperiment } from '../../lab/lab/harness.js'
import { faultsOf } from './check.js'
import { startLab, whole, type Program } from './program.js'
import { newReport, type KillOptions, type KillReport } from './resumed.js'

const OLD = 'an older file'
const LONG_AGO_S = 1_000_000_000
/** How often the folder is looked at for the first file. */
const LOOK_MS = 2

interface Export {
  /** Arguments of `lab` that write into the folder. */
  command(run: string, folder: string): string[]
}

const EXPORTS: readonly Export[] = [
  {
    command: (run, folder) => [
      ...['figure', 'A1', '--run', run, '--format', 'eps,png,svg,pdf', '--dpi', '60', '--out', folder, '--force'],
    ],
  },
  {
    command: (run, folder) => ['models', 'export', run, '--out', join(folder, 'model.pty'), '--force'],
  },
  {
    command: (run, folder) => ['models', 'export', run, '--out', join(folder, 'model.npz'), '--force'],
  },
]

const filesOf = (folder: string): Map<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('latin1')]))
const isLeftover = (name: string): boolean => name.endsWith('.writing')
/** How a whole file ends that also holds the time at which it was written, by its ending. */
const ENDS: Readonly<Record<string, RegExp>> = {
  json: /\}\s*$/,
  eps: /%%EOF\s*$/,
  pdf: /%%EOF\s*$/,
  svg: /<\/svg>\s*$/,
  png: /IEND....$/s,
}
const endOf = (name: string): RegExp | undefined => ENDS[name.split('.').at(-1) ?? '']
const isDated = (name: string): boolean => endOf(name) !== undefined

function fill(folder: string, names: readonly string[]): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of names) writeFileSync(join(folder, name), OLD)
}

/** Files that are neither the older ones nor the new ones. */
function halves(folder: string, expected: Map<string, string>): string[] {
  return [...filesOf(folder)].flatMap(([name, text]) => {
    if (isLeftover(name) || text === OLD || text === expected.get(name)) return []
    return endOf(name)?.test(text) === true ? [] : [`half written: ${name}`]
  })
}

/** Kills a program when it has begun to write into a folder, or at a random moment. */
async function killWhileWriting(
  program: Program,
  folder: string,
  random: () => number,
  seconds: number,
): Promise<boolean> {
  const before = [...filesOf(folder).values()].join()
  const afterMs = random() * 60
  const writes = random() < 0.75
  const timer = writes
    ? setInterval(() => {
        if (!existsSync(folder) || [...filesOf(folder).values()].join() === before) return
        clearInterval(timer)
        setTimeout(() => program.kill(), afterMs)
      }, LOOK_MS)
    : setTimeout(() => program.kill(), random() * seconds * 1000)
  const { code } = await program.ended
  clearInterval(timer)
  return code === null
}

/** Exports figures and models over older files, and kills the program on the way. */
export async function measureExports(options: KillOptions): Promise<KillReport> {
  const report = newReport('exports')
  const home = join(options.folder, 'exports')
  const folder = join(home, 'out')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(home, 'spec.json'), JSON.stringify(smallExperiment()))
  await whole(startLab(['run', join(home, 'spec.json')], home), 'a small run')
  const [run = ''] = readdirSync(join(home, 'archive', 'runs'))
  const known = []
  for (const each of EXPORTS) {
    fill(folder, [])
    const { seconds } = await whole(startLab(each.command(run, folder), home), 'an export')
    known.push({ ...each, seconds, expected: filesOf(folder) })
  }
  for (let turn = 0; report.kills < options.kills; turn++) {
    const { command, seconds, expected } = known[turn % known.length] as (typeof known)[number]
    fill(folder, [...expected.keys()])
    if (!(await killWhileWriting(startLab(command(run, folder), home), folder, options.random, seconds))) continue
    report.kills += 1
    report.faults.push(...halves(folder, expected), ...(await faultsOf(home)))
    for (const name of readdirSync(folder).filter(isLeftover)) utimesSync(join(folder, name), LONG_AGO_S, LONG_AGO_S)
    await whole(startLab(command(run, folder), home), 'an export')
    report.finished += 1
    const after = filesOf(folder)
    const wrong = [...after].filter(([name, text]) =>
      isDated(name) ? endOf(name)?.test(text) !== true : text !== expected.get(name),
    )
    if (wrong.length === 0) report.identical += 1
    for (const [name] of wrong) report.faults.push(`after the next export: ${name}`)
    if (report.kills % 10 === 0) options.reported(`exports: ${report.kills} kills, ${report.faults.length} faults`)
  }
  return report
}
