import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DoctorReport, RunNotice, RunRecord, WireError } from '../../../contract/index.js'
import { checkNativeFiles } from '../../../lab/compute/executors/nativeFiles.js'

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url))
const PACKAGE = join(PROJECT, 'node_modules', 'onnxruntime-node')
const LIBRARIES = join(PACKAGE, 'bin', 'napi-v6')
const HERE = join(process.platform, process.arch)
const folder = mkdtempSync(join(tmpdir(), 'workbench-native-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

describe('native libraries are looked at before they are loaded', () => {
  const systems = ['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64', 'win32/arm64']
    .map((system) => join(LIBRARIES, system))
    .filter(existsSync)

  it('those of the package are whole, for every system that it brings', () => {
    expect(systems.length).toBeGreaterThan(0)
    for (const system of systems) expect(() => checkNativeFiles(system)).not.toThrow()
  })

  it.each(
    systems.flatMap((system) =>
      readdirSync(system)
        .map((name) => join(system, name))
        .filter((path) => statSync(path).size < 5e6),
    ),
  )('%s is refused when it is cut short, empty or another file', (path) => {
    const copies = mkdtempSync(join(folder, 'cut-'))
    const copy = join(copies, basename(path).replace(/\.dll$/, '.node'))
    const refuses = (bytes: Uint8Array | string, message: RegExp): void => {
      writeFileSync(copy, bytes)
      expect(() => checkNativeFiles(copies)).toThrow(
        expect.objectContaining({ code: 'file.damaged', message: expect.stringMatching(message) as string }) as Error,
      )
    }
    const whole = readFileSync(path)
    writeFileSync(copy, whole)
    expect(() => checkNativeFiles(copies)).not.toThrow()
    for (const share of [0.5, 0.9])
      refuses(
        whole.subarray(0, Math.floor(whole.length * share)),
        new RegExp(`${basename(copy)} is truncated: it has \\d+ of \\d+ bytes`),
      )
    refuses('', /is not a valid shared library/)
    refuses('<html>404 not found</html>'.repeat(100), /is not a valid shared library/)
  })

  it('a folder without any is refused', () => {
    expect(() => checkNativeFiles(join(folder, 'none'))).toThrow(
      expect.objectContaining({ code: 'file.unreadable' }) as Error,
    )
    expect(() => checkNativeFiles(folder)).toThrow(
      expect.objectContaining({
        code: 'file.unreadable',
        message: expect.stringContaining('contains no native add-on') as string,
      }) as Error,
    )
  })
})

/** A copy of the project whose other packages are links, so that its ONNX Runtime can be damaged for real. */
function copyProject(): string {
  const project = join(folder, 'project')
  for (const name of ['contract', 'engine', 'figures', 'lab', 'cli', 'resources', 'package.json', 'tsconfig.json'])
    if (existsSync(join(PROJECT, name))) cpSync(join(PROJECT, name), join(project, name), { recursive: true })
  const modules = join(PROJECT, 'node_modules')
  for (const name of readdirSync(modules)) {
    if (name === 'onnxruntime-node' || name.startsWith('.')) continue
    mkdirSync(join(project, 'node_modules'), { recursive: true })
    symlinkSync(join(modules, name), join(project, 'node_modules', name))
  }
  return project
}

describe('a workbench whose ONNX Runtime is absent or half installed', () => {
  let project: string
  beforeAll(() => {
    project = copyProject()
  })
  const broken = (): string => join(project, 'node_modules', 'onnxruntime-node')
  const library = (name: RegExp): string => {
    const at = join(broken(), 'bin', 'napi-v6', HERE)
    return join(at, readdirSync(at).find((file) => name.test(file)) ?? '')
  }
  const repair = (): void => {
    rmSync(broken(), { recursive: true, force: true })
    for (const name of ['package.json', 'dist', 'lib', join('bin', 'napi-v6', HERE)])
      cpSync(join(PACKAGE, name), join(broken(), name), { recursive: true })
  }
  /** `lab` in the copy, as a shell would run it. */
  const lab = (...words: string[]): Promise<{ code: number | null; reported: unknown }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['cli/lab.mjs', ...words, '--json', '--archive', join(folder, 'archive')], {
        cwd: project,
        env: {
          ...process.env,
          LOCALLEARNING_HOME: join(folder, 'home'),
          LOCALLEARNING_TENSORFLOW: join(folder, 'no-tensorflow'),
        },
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      let out = ''
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
      child.once('close', (code) => resolve({ code, reported: out === '' ? null : JSON.parse(out) }))
    })
  const SMALL = [
    'schedule.epochs=2',
    'dataset.imageLimit=200',
    'layer.hiddenUnits=16',
    'probes.spectrumEvery=0',
  ].flatMap((change) => ['--set', change])

  it.each<[string, () => void, RegExp]>([
    [
      'is not there',
      () => rmSync(broken(), { recursive: true }),
      /onnx-cpu failed to start: Cannot find module 'onnxruntime-node/,
    ],
    ['lacks its add-on', () => rmSync(library(/\.node$/)), /onnx-cpu failed to start: .* contains no native add-on/],
    [
      'has half an add-on',
      () => truncateSync(library(/\.node$/), Math.floor(statSync(library(/\.node$/)).size / 2)),
      /onnx-cpu failed to start: .*onnxruntime_binding\.node is truncated: it has \d+ of \d+ bytes/,
    ],
    [
      'has half a library',
      () => truncateSync(library(/libonnxruntime|\.dll$/), 1e7),
      /onnx-cpu failed to start: .*onnxruntime.* is truncated: it has 10000000 of \d+ bytes/,
    ],
    [
      'lacks its library',
      () => rmSync(library(/libonnxruntime|\.dll$/)),
      /onnx-cpu failed to start: .*cannot open shared object file|onnx-cpu failed to start/,
    ],
  ])('%s: the doctor says so with a remedy, and the next executor is chosen', async (_, damage, message) => {
    repair()
    damage()
    const { code, reported } = await lab('doctor')
    const report = reported as DoctorReport
    expect(code).toBe(0)
    expect(report.executor).toBe('wasm')
    expect(report.executorNote).toMatch(message)
    expect(report.executors.find(({ name }) => name === 'onnx-cpu')).toMatchObject({
      works: false,
      detail: expect.stringMatching(message) as string,
      remedy: expect.stringContaining('npm ci') as string,
    })
  })

  it('runs on the next executor with a warning in its log, and refuses to run on the damaged one by name', async () => {
    repair()
    truncateSync(library(/\.node$/), 1000)
    const ran = await lab('run', 'quick-look', ...SMALL)
    expect(ran.code).toBe(0)
    const { run } = ran.reported as { run: RunRecord }
    expect(run).toMatchObject({ state: 'finished', executor: 'wasm' })
    const log = readFileSync(join(folder, 'archive', 'runs', run.id, 'notices.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RunNotice)
    expect(log).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        topic: 'executor',
        text: expect.stringMatching(/onnx-cpu failed to start: .*is truncated: it has 1000 of/) as string,
      }),
    )
    const named = await lab('run', 'quick-look', ...SMALL, '--executor', 'onnx-cpu')
    expect(named.code).toBe(1)
    expect((named.reported as { error: WireError }).error.code).toBe('executor.unavailable')
  })
})
