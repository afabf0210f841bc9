import { execFileSync, spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { LocalLearningSpec, RunRecord } from '../../contract/index.js'
import { openArchive } from '../../lab/archive/index.js'
import { writeModelFile } from '../../lab/formats/index.js'
import { sceneModel } from '../lab/lab/probeSetup.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'workbench-process-'))
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}
type Child = ReturnType<typeof spawn>

/** Starts `lab` as a shell would. @param onText - sees everything that it has written so far */
function lab(
  words: readonly string[],
  onText: (text: string, child: Child) => void = () => {},
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['cli/lab.mjs', ...words], {
      cwd: PROJECT,
      env: { ...process.env, LOCALLEARNING_HOME: join(root, 'home'), LOCALLEARNING_DATA: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended: Ended = { code: null, signal: null, out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => {
      ended.out += chunk.toString()
      onText(ended.out + ended.err, child)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      ended.err += chunk.toString()
      onText(ended.out + ended.err, child)
    })
    child.once('close', (code, signal) => resolve({ ...ended, code, signal }))
  })
}

const preset = (
  JSON.parse(readFileSync(join(PROJECT, 'resources/presets/quick-look.json'), 'utf8')) as { spec: LocalLearningSpec }
).spec
const spec: LocalLearningSpec = {
  ...preset,
  name: 'small',
  dataset: { kind: 'syntheticScenes', imageLimit: 200, dataSeed: 1 },
  layer: { ...preset.layer, hiddenUnits: 16 },
  schedule: { ...preset.schedule, epochs: 4, batchSize: 20 },
  probes: { ...preset.probes, spectrumEvery: 0, spectrumImages: 100, windowStart: 1, windowEnd: 12 },
  checkpoints: { every: 1000, keep: 2 },
}
const specFile = (name: string, epochs: number): string => {
  const path = join(root, `${name}.json`)
  writeFileSync(path, JSON.stringify({ ...spec, name, schedule: { ...spec.schedule, epochs } }))
  return path
}
const recordIn = (archive: string): RunRecord =>
  JSON.parse(
    readFileSync(join(archive, 'runs', readdirSync(join(archive, 'runs'))[0] ?? '', 'run.json'), 'utf8'),
  ) as RunRecord

describe('signals that ask for an end', () => {
  it.each(['SIGHUP', 'SIGUSR1'] as const)('%s: a checkpoint of this step, exit 130', async (signal) => {
    const archive = join(root, signal)
    let sent = false
    const ended = await lab(['run', specFile('long', 20_000), '--out', archive], (text, child) => {
      if (sent || !/long \d+\/20000/.test(text)) return
      sent = true
      child.kill(signal)
    })
    expect(ended).toMatchObject({ code: 130, signal: null })
    expect(ended.err).not.toMatch(/at .*:\d+:\d+|Debugger/)
    const record = recordIn(archive)
    expect(record.state).not.toBe('running')
    expect(
      record.checkpoints.length + readdirSync(join(archive, 'runs', record.id, 'checkpoints')).length,
    ).toBeGreaterThan(0)
  })
})

describe.skipIf(!existsSync('/dev/fd'))('input that comes through a stream', () => {
  const shell = (line: string): string =>
    execFileSync('bash', ['-c', line], {
      cwd: PROJECT,
      env: {
        ...process.env,
        LOCALLEARNING_HOME: join(root, 'home'),
        LAB: `${process.execPath} cli/lab.mjs`,
        MODEL: 'tests/lab/formats/files/khmodel.2.15.pty',
      },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  it('is read from standard input and from the output of a command, as a file is', () => {
    const fromFile = shell('$LAB models show "$MODEL" --json')
    const tensors = (text: string): unknown => (JSON.parse(text) as { tensors: unknown }).tensors
    expect(tensors(fromFile)).toBeDefined()
    for (const line of [
      'cat "$MODEL" | $LAB models show /dev/stdin --json',
      '$LAB models show <(cat "$MODEL") --json',
      '$LAB models show /dev/stdin --json < "$MODEL"',
    ])
      expect(tensors(shell(line)), line).toEqual(tensors(fromFile))
    expect(
      JSON.parse(
        shell(`cat '${specFile('streamed', 1)}' | $LAB run /dev/stdin --out '${join(root, 'streamed')}' --json`),
      ),
    ).toMatchObject({ run: { name: 'streamed', state: 'finished' } })
  })
  it('waits for a slow writer, and refuses what is no JSON', () => {
    expect(
      shell(`(sleep 1; cat '${specFile('slow', 1)}') | $LAB run /dev/stdin --out '${join(root, 'slow')}' --json`),
    ).toContain('"finished"')
    expect(() => shell('echo nonsense | $LAB run /dev/stdin')).toThrow(/dev\/stdin is not valid JSON/)
  })
})

describe('output that nobody reads', () => {
  it('does not end a run', async () => {
    const archive = join(root, 'pipe')
    const ended = await lab(['run', specFile('piped', 400), '--out', archive], (_text, child) => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    })
    expect(ended.code).toBe(0)
    expect(recordIn(archive)).toMatchObject({ state: 'finished', epoch: 400 })
  })
  it.skipIf(!existsSync('/dev/full'))('is a failure on a full disk, in words', async () => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, ['cli/lab.mjs', 'list'], {
      cwd: PROJECT,
      env: { ...process.env, LOCALLEARNING_HOME: join(root, 'home') },
      stdio: ['ignore', full, 'pipe'],
    })
    let error = ''
    child.stderr?.on('data', (chunk: Buffer) => (error += chunk.toString()))
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1)
    expect(error).toMatch(/Standard output could not be written: .*ENOSPC/)
    expect(error).not.toMatch(/node:internal/)
  })
})

describe('beside a workbench that does not answer', () => {
  it('everything that only reads works, what writes is refused, and --take-over takes the archive', async () => {
    const archive = join(root, 'open')
    expect((await lab(['run', specFile('open', 2), '--out', archive])).code).toBe(0)
    const owner = await openArchive(archive)
    await owner.announce('none')
    try {
      const { id } = recordIn(archive)
      for (const words of [
        ['list'],
        ['show', id],
        ['doctor'],
        ['prune', id, '--dry-run'],
        ['models', 'export', id, '--out', join(root, 'open.npz')],
      ]) {
        expect([words, (await lab([...words, '--archive', archive])).code]).toEqual([words, 0])
      }
      expect(await lab(['prune', id, '--archive', archive])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/open in another program, process \d+.*--take-over/s),
      })
      expect(await lab(['prune', id, '--take-over', '--archive', archive])).toMatchObject({ code: 0 })
      await expect(owner.update(id, { name: 'x' })).rejects.toMatchObject({ code: 'archive.lost' })
    } finally {
      await owner.close()
    }
  })
})

describe('files of people', () => {
  const model = join(root, 'lr=0.1_eps=0.03.pty')
  writeFileSync(model, writeModelFile(sceneModel(1), 'pty'))
  it('are not replaced without --force, links stay links, and the archive is no place for exports', async () => {
    const archive = join(root, 'exports')
    const target = join(root, 'target.npz')
    const link = join(root, 'link.npz')
    copyFileSync(model, target)
    symlinkSync(target, link)
    const before = readFileSync(target)
    expect(await lab(['models', 'export', model, '--out', link, '--archive', archive])).toMatchObject({
      code: 2,
      err: expect.stringContaining('already exists'),
    })
    expect(readFileSync(target).equals(before)).toBe(true)
    expect((await lab(['models', 'export', model, '--out', link, '--force', '--archive', archive])).code).toBe(0)
    expect([lstatSync(link).isSymbolicLink(), readlinkSync(link), readFileSync(target).equals(before)]).toEqual([
      true,
      target,
      false,
    ])
    await lab(['import', model, '--name', 'mine', '--archive', archive])
    expect(
      await lab([
        'models',
        'export',
        'mine',
        '--format',
        'npz',
        '--out',
        join(archive, 'archive.json'),
        '--force',
        '--archive',
        archive,
      ]),
    ).toMatchObject({ code: 2, err: expect.stringContaining('inside the archive') })
  })
  it('may hold a "=" in their names, and so may the models of the archive', async () => {
    const archive = join(root, 'names')
    await lab(['import', model, '--name', 'a-b', '--archive', archive])
    const common = [
      '--dataset',
      'syntheticScenes',
      '--images',
      '10',
      '--attack',
      'fgsm',
      '--grid',
      '1/255:8/255:2:lin',
      '--executor',
      'wasm',
      '--archive',
      archive,
      '--json',
    ]
    const whole = JSON.parse((await lab(['robustness', '--model', model, ...common])).out) as {
      model: { label: string }
    }
    expect(whole.model.label).toBe('lr=0.1_eps=0.03')
    const labelled = JSON.parse((await lab(['robustness', '--model', `KH=${model}`, ...common])).out) as {
      model: { label: string }
    }
    expect(labelled.model.label).toBe('KH')
  })
})

describe('places and arguments', () => {
  it('an empty path is no place', async () => {
    for (const words of [
      ['list', '--archive', ''],
      ['run', 'quick-look', '--out', ''],
      ['data', 'list', '--data', ''],
    ]) {
      expect(await lab(words)).toMatchObject({ code: 2, err: expect.stringContaining('got an empty value') })
    }
    expect(existsSync(join(PROJECT, 'archive.json'))).toBe(false)
  })
  it('an empty number is no 0', async () => {
    expect(await lab(['run', 'quick-look', '--seed', ''])).toMatchObject({
      code: 2,
      err: expect.stringContaining('got an empty value'),
    })
    expect(
      await lab(['robustness', '--model', 'x', '--attack', 'random', '--grid', '1:2:3', '--seeds', '5000000000']),
    ).toMatchObject({ code: 2, err: expect.stringContaining('from 1 to 64') })
  })
  it('bad usage is a JSON document too', async () => {
    for (const words of [
      ['robustness', '--json', '--grid', 'abc'],
      ['list', '--colour', '--json'],
      ['dance', '--json'],
    ]) {
      const { code, out } = await lab(words)
      expect([code, (JSON.parse(out) as { error: { code: string } }).error.code]).toEqual([2, 'usage'])
    }
  })
  it('a folder where a file is says so', async () => {
    const file = join(root, 'afile')
    writeFileSync(file, '')
    const ended = await lab(['models', 'export', join(root, 'lr=0.1_eps=0.03.pty'), '--out', join(file, 'x.npz')])
    expect(ended).toMatchObject({ code: 2, err: expect.stringMatching(/not a folder.*afile is a file/is) })
  })
  it('what it keeps is for this user alone', () => {
    const archive = join(root, 'pipe')
    expect(statSync(archive).mode & 0o077).toBe(0)
    for (const entry of readdirSync(archive, { recursive: true, withFileTypes: true }))
      expect(statSync(join(entry.parentPath, entry.name)).mode & 0o077, entry.name).toBe(0)
  })
  it('control characters of names are shown, not obeyed', async () => {
    const archive = join(root, 'control')
    const opened = await openArchive(archive)
    await opened.create({ ...spec, name: '\u001b[31mred\nr-00000000  finished' }, {})
    await opened.close()
    const { out } = await lab(['list', '--archive', archive])
    expect(out).toContain('\\u001b[31mred\\u000ar-00000000')
    expect(out.trim().split('\n')).toHaveLength(2)
  })
})
