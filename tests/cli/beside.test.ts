import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ExperimentSpec, RunRecord } from '../../contract/index.js'
import { openArchive } from '../../lab/archive/index.js'
import { writeModelFile } from '../../lab/formats/index.js'
import { createLab, type Lab } from '../../lab/lab.js'
import { reachState } from '../lab/lab/harness.js'
import { sceneModel } from '../lab/lab/probeSetup.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
/** Runs of tests/lab/archive/fixture: a layer, a classifier, one that was killed, one that waits. */
const [LAYER, CLASSIFIER, KILLED, WAITING] = ['r-078aac71', 'r-3145cde2', 'r-9286b12f', 'r-522cfa94'] as const
const root = mkdtempSync(join(tmpdir(), 'workbench-beside-'))
const labs: Lab[] = []
afterEach(async () => {
  for (const open of labs.splice(0)) await open.close()
})
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

interface Ended {
  code: number | null
  out: string
  err: string
}
type Child = ReturnType<typeof spawn>

/** Starts `lab` in a folder, as a shell would. @param onText - sees everything that it has written so far */
function lab(
  folder: string,
  words: readonly string[],
  onText: (text: string, child: Child) => void = () => {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [join(PROJECT, 'cli/lab.mjs'), ...words, '--archive', join(folder, 'archive')],
      {
        cwd: folder,
        env: { ...process.env, LOCALLEARNING_HOME: join(folder, 'home'), LOCALLEARNING_DATA: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const ended: Ended = { code: null, out: '', err: '' }
    for (const [stream, name] of [
      [child.stdout, 'out'],
      [child.stderr, 'err'],
    ] as const) {
      stream.on('data', (chunk: Buffer) => {
        ended[name] += chunk.toString()
        onText(ended.out + ended.err, child)
      })
    }
    child.once('close', (code) => resolve({ ...ended, code }))
  })
}

const preset = (
  JSON.parse(readFileSync(join(PROJECT, 'resources/presets/quick-look.json'), 'utf8')) as { spec: ExperimentSpec }
).spec
const specOf = (epochs: number): object => ({
  ...preset,
  name: 'small',
  executor: 'wasm',
  dataset: { kind: 'gaussianNoise', imageLimit: 100, mean: 0, standardDeviation: 1, dataSeed: 1, shape: [6, 6, 1] },
  layer: { ...('layer' in preset ? preset.layer : {}), hiddenUnits: 16 },
  schedule: { ...preset.schedule, epochs, batchSize: 20 },
  probes: { ...preset.probes, spectrumEvery: 0, spectrumImages: 100, windowStart: 1, windowEnd: 12 },
  checkpoints: { every: 1000, keep: 2 },
})

/** A folder with an archive, a model file and specifications, in which a person works. */
async function workplace(name: string): Promise<string> {
  const folder = join(root, name)
  mkdirSync(folder)
  cpSync(join(PROJECT, 'tests/lab/archive/fixture/archive'), join(folder, 'archive'), { recursive: true })
  writeFileSync(join(folder, 'archive', 'settings.json'), '{}')
  // Every opening for more than reading does this.
  const archive = await openArchive(join(folder, 'archive'))
  await archive.update(KILLED, { state: 'interrupted' })
  await archive.close()
  writeFileSync(join(folder, 'model.pty'), writeModelFile(sceneModel(1), 'pty'))
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(specOf(3)))
  writeFileSync(join(folder, 'long.json'), JSON.stringify(specOf(20_000)))
  return folder
}

/** A workbench that has the archive of a workplace open, with another working directory than the command line. */
async function openWorkbench(folder: string): Promise<Lab> {
  const opened = await createLab({
    archiveFolder: join(folder, 'archive'),
    storeFolder: join(folder, 'home', 'datasets'),
    dataFolders: [],
    host: 'terminal',
    version: '0.1.0',
    computeThread: new URL('../../lab/compute/computeThread.mjs', import.meta.url),
    resourcesFolder: join(PROJECT, 'resources'),
  })
  labs.push(opened)
  return opened
}

const attack = [
  '--dataset',
  'syntheticScenes',
  '--images',
  '4',
  '--attack',
  'fgsm',
  '--grid',
  '1/255:8/255:2:lin',
  '--executor',
  'wasm',
]
const noise = ['--dataset', 'gaussianNoise', '--shape', '6x6x1', '--images', '60', '--executor', 'wasm']
const REPLAY = ['layer.layer.hiddenUnits=40', 'layer.schedule.epochs=10', 'layer.dataset.imageLimit=500'].flatMap(
  (value) => ['--set', value],
)
/** Commands in the order in which they are tried, with their exit codes. */
const COMMANDS: readonly (readonly [code: number, ...words: string[]])[] = [
  [0, 'list'],
  [0, 'show', LAYER],
  [0, 'doctor'],
  [0, 'import', 'model.pty', '--name', 'mine'],
  [2, 'import', 'nothing.pty'],
  [0, 'models', 'show', 'mine', '--json'],
  [0, 'run', 'spec.json', '--seed', '3'],
  [0, 'run', 'spec.json', '--seeds', '2', '--json'],
  [2, 'run', 'no-preset'],
  [0, 'resume', KILLED],
  [0, 'prune', LAYER, '--off-norm', '0.5'],
  [2, 'prune', WAITING],
  [0, 'robustness', '--model', 'model.pty', ...attack],
  [0, 'robustness', '--model', `BP=${CLASSIFIER}`, ...attack, '--out', 'result', '--json'],
  [2, 'robustness', '--model', 'none', ...attack],
  [0, 'card', '--model', 'mine', '--dataset', 'syntheticScenes', '--images', '20', '--executor', 'wasm'],
  [0, 'spectrum', '--source', 'hidden', '--model', LAYER, ...noise],
  [0, 'plane', '--model', 'mine', '--dataset', 'syntheticScenes', '--image', '0', '--size', '4', '--executor', 'wasm'],
  [0, 'figure', 'A1', '--run', LAYER, '--format', 'svg'],
  [0, 'figure', 'A1', '--run', LAYER, '--format', 'svg', '--out', 'figures'],
  [0, 'models', 'export', 'mine', '--out', 'mine.npz'],
  [0, 'repro', '--only', 'prune', '--scale', 'smoke', '--out', 'replay', ...REPLAY],
  [0, 'evaluate', '--model', 'mine', '--dataset', 'syntheticScenes', '--images', '20', '--executor', 'wasm'],
  [0, 'remove', KILLED],
  [2, 'remove', KILLED],
  [0, 'models', 'remove', 'mine'],
  [0, 'list', '--json'],
]

/** Text without what differs from one execution to the next: places, times, ids that are drawn by chance. */
function comparable(text: string, folder: string): string {
  const ids = new Map<string, string>()
  return text
    .replaceAll(folder, 'HERE')
    .replace(/\b([ra])-[0-9a-f]{8}\b/g, (id, kind: string) => {
      const name = ids.get(id) ?? `${kind}-${ids.size + 1}`
      ids.set(id, name)
      return name
    })
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME')
    .replace(/"(seconds|computeSeconds|secondsLeft)": [\d.e+-]+/g, '"$1": 0')
    .replace(/\b(\d+ min )?\d+ s\b/g, 'DURATION')
    .replace(/"bytes": \d+/g, '"bytes": 0')
    .replace(/\d[\d.]* (B|kB|MB|GB)( free( now)?)?/g, 'SIZE')
    .replace(/ +/g, ' ')
}

async function tryAll(folder: string): Promise<{ words: string; code: number | null; out: string }[]> {
  const tried: { words: string; code: number | null; out: string }[] = []
  for (const [, ...words] of COMMANDS) {
    const { code, out, err } = await lab(folder, words)
    // What doctor finds depends on the moment; that it works is what counts.
    const output = words[0] === 'doctor' ? '' : comparable(`${out}\n${code === 0 ? '' : err}`, folder)
    tried.push({ words: words.join(' '), code, out: output })
  }
  return tried
}

describe('every command', () => {
  let alone: string
  let beside: string
  beforeAll(async () => {
    alone = await workplace('alone')
    beside = await workplace('beside')
  })
  it('has the same output and exit code whether or not a workbench has the archive open', async () => {
    const opened = await openWorkbench(beside)
    const [first, second] = await Promise.all([tryAll(alone), tryAll(beside)])
    expect(second).toEqual(first)
    expect(first.map(({ words, code }) => [words, code])).toEqual(
      COMMANDS.map(([code, ...words]) => [words.join(' '), code]),
    )
    expect((await opened.call('run.list', null)).some(({ name }) => name === 'small')).toBe(true)
  }, 600_000)
})

describe.skipIf(process.platform === 'win32')('a stream of the shell', () => {
  it('is imported beside an open workbench as it is alone, and other commands refuse it as a model', async () => {
    const folder = await workplace('streams')
    const opened = await openWorkbench(folder)
    const shell = (words: string): Promise<Ended> =>
      new Promise((resolve) => {
        const line = `cat model.pty | '${process.execPath}' '${join(PROJECT, 'cli/lab.mjs')}' ${words} --archive archive`
        const child = spawn('sh', ['-c', line], {
          cwd: folder,
          env: { ...process.env, LOCALLEARNING_HOME: join(folder, 'home') },
        })
        const ended: Ended = { code: null, out: '', err: '' }
        child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()))
        child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()))
        child.once('close', (code) => resolve({ ...ended, code }))
      })
    expect((await shell('import /dev/stdin --name piped')).code).toBe(0)
    expect((await opened.call('model.get', { model: 'piped' })).facts.type).toBe('SHLP')
    const refused = await shell(`card --model /dev/stdin --dataset syntheticScenes`)
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('lab import /dev/stdin')])
  })
})

describe('a run beside an open workbench', () => {
  const waitFor = async (found: () => Promise<boolean>): Promise<void> => {
    while (!(await found())) await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const isLearning = (text: string): boolean => /small \d+\/20000/.test(text)

  it('is paused by Ctrl-C, exit 130, and by the death of its command, and the workbench goes on', async () => {
    const folder = await workplace('signals')
    const opened = await openWorkbench(folder)
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      let sent = false
      const ended = await lab(folder, ['run', 'long.json'], (text, child) => {
        if (sent || !isLearning(text)) return
        sent = true
        child.kill(signal)
      })
      expect(ended.code).toBe(signal === 'SIGINT' ? 130 : null)
      const [newest] = await opened.call('run.list', null)
      await reachState(opened, newest?.id ?? '', 'paused')
      if (signal === 'SIGINT') expect(ended.err).toContain(`lab resume ${newest?.id ?? ''}`)
    }
    expect(await opened.call('queue.get', null)).toMatchObject({ held: false })
  })

  it('goes on alone with --detach, which needs a workbench', async () => {
    const folder = await workplace('detached')
    const opened = await openWorkbench(folder)
    const ended = await lab(folder, ['run', 'spec.json', '--detach', '--json'])
    expect(ended.code).toBe(0)
    const { run } = JSON.parse(ended.out) as { run: RunRecord }
    await reachState(opened, run.id, 'finished')
    await opened.close()
    expect(await lab(folder, ['run', 'spec.json', '--detach'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--detach'),
    })
    expect(
      readdirSync(join(folder, 'archive')).filter((name) => name.startsWith('lock') || name.endsWith('.sock')),
    ).toEqual([])
  })

  it('is waited for by the command that has the archive open, and ends with an error when that is killed', async () => {
    const folder = await workplace('owners')
    const records = (): RunRecord[] =>
      readdirSync(join(folder, 'archive', 'runs'))
        .filter((name) => name.startsWith('r-'))
        .map((name) => JSON.parse(readFileSync(join(folder, 'archive', 'runs', name, 'run.json'), 'utf8')) as RunRecord)
    const started: Promise<Ended>[] = []
    const first = await lab(
      folder,
      ['run', 'spec.json', '--set', 'schedule.epochs=300', '--set', 'name=first'],
      (text) => {
        if (started.length === 0 && /first \d+\/300/.test(text))
          started.push(lab(folder, ['run', 'spec.json', '--set', 'name=second']))
      },
    )
    expect([first.code, first.err]).toEqual([0, expect.stringContaining('Waiting for another command')])
    expect((await started[0])?.code).toBe(0)
    expect(
      records()
        .filter(({ name }) => name === 'first' || name === 'second')
        .map(({ state }) => state),
    ).toEqual(['finished', 'finished'])

    const second: Promise<Ended>[] = []
    let killed = false
    const owner = await lab(folder, ['run', 'long.json'], (text, child) => {
      if (second.length > 0 || !isLearning(text)) return
      second.push(
        lab(folder, ['run', 'spec.json', '--set', 'name=third'], (other) => {
          if (killed || !other.includes(' third')) return
          killed = true
          child.kill('SIGKILL')
        }),
      )
    })
    expect(owner.code).toBeNull()
    expect(await second[0]).toMatchObject({ code: 1, err: expect.stringContaining('has ended') })
    await waitFor(async () => (await lab(folder, ['list'])).code === 0)
    const third = records().find(({ name }) => name === 'third')
    expect(await lab(folder, ['resume', third?.id ?? ''])).toMatchObject({ code: 0 })
  })
})
