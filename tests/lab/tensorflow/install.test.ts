import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { platform, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { probeExecutors, startExecutor } from '../../../lab/compute/executors/index.js'
import { bindingSources } from '../../../lab/tensorflow/addOn.js'
import { installTensorflow, removeTensorflow, type InstallOptions } from '../../../lab/tensorflow/install.js'
import { MANIFEST, readInstallation } from '../../../lab/tensorflow/installation.js'
import { CPU_PROJECT, LIBRARY_NAMES, sharedLibrary, writeWheel, type FakeWheel } from './fakeWheels.js'

const root = mkdtempSync(join(tmpdir(), 'workbench-tensorflow-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const home = join(root, 'home')
const folder = join(home, 'tensorflow')
const compiler = join(root, 'compiler')
/** A machine with a compiler and nothing else: no pip, no network. */
const alone: NodeJS.ProcessEnv = { PATH: compiler, PIP_INDEX_URL: 'http://127.0.0.1:9/simple', HOME: root }
const said: string[] = []
const quiet: InstallOptions['progress'] = { say: (text) => void said.push(text), bytes: () => undefined }
let count = 0
const wheelOf = (wheel: FakeWheel): string => {
  const place = join(root, `wheels-${count++}`)
  mkdirSync(place)
  return writeWheel(place, wheel)
}
const install = (wheels: readonly string[], more: Partial<InstallOptions> = {}): Promise<unknown> =>
  installTensorflow({ folder, build: 'cpu', wheels, cudaLibraries: true, environment: alone, progress: quiet, ...more })

/** What lies in the home, with every file's bytes. */
const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'latin1')]),
  )

/** An installation as an earlier one has left it; its library is no library. */
function writeOld(): void {
  mkdirSync(join(folder, 'lib'), { recursive: true })
  writeFileSync(join(folder, 'lib', 'tfjs_binding.node'), 'not a library')
  writeFileSync(
    join(folder, MANIFEST),
    JSON.stringify({
      version: 1,
      tensorflow: '2.20.0',
      build: 'cpu',
      platform: `${process.platform} ${process.arch}`,
      installedAt: '2026-01-01T00:00:00.000Z',
      wheels: [],
      files: [{ path: 'lib/tfjs_binding.node', bytes: 13 }],
    }),
  )
}

beforeAll(() => {
  mkdirSync(compiler)
  symlinkSync(execFileSync('sh', ['-c', 'command -v g++'], { encoding: 'utf8' }).trim(), join(compiler, 'c++'))
})
afterEach(() => {
  rmSync(home, { recursive: true, force: true })
  said.length = 0
})

const functions = (): string[] => [
  ...new Set(
    readdirSync(bindingSources('@tensorflow/tfjs-node')).flatMap(
      (name) =>
        readFileSync(join(bindingSources('@tensorflow/tfjs-node'), name), 'utf8').match(/\bTFE?_[A-Z]\w*(?=\s*\()/g) ??
        [],
    ),
  ),
]

describe.skipIf(platform() !== 'linux')('what cannot be installed is refused, and what was there stays', () => {
  const refuses = async (work: () => Promise<unknown>, message: RegExp, code = 'tensorflow.install'): Promise<void> => {
    writeOld()
    const before = contents()
    await expect(work()).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string })
    expect(contents()).toEqual(before)
    expect(readdirSync(home)).toEqual(['tensorflow'])
  }
  const libraries = (bytes: Uint8Array): Record<string, Uint8Array> =>
    Object.fromEntries(LIBRARY_NAMES.map((name) => [name, bytes]))
  const noise = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251)

  it('a file that is not there, is no wheel, or ends early', async () => {
    await refuses(() => install([join(root, 'nothing.whl')]), /nothing\.whl/)
    const text = join(root, 'text.whl')
    writeFileSync(text, 'PK or not')
    await refuses(() => install([text]), /text\.whl is not a valid wheel: .*its end is missing/)
    const short = wheelOf({ files: libraries(noise) })
    truncateSync(short, Math.floor(readFileSync(short).length / 2))
    await refuses(() => install([short]), /is not a valid wheel/)
  })
  it('a zip archive that is no wheel', async () => {
    const wheel = wheelOf({ project: 'tensorflow', files: {} })
    const bytes = readFileSync(wheel, 'latin1').replaceAll('METADATA', 'METADAT_')
    writeFileSync(wheel, bytes, 'latin1')
    await refuses(() => install([wheel]), /does not contain METADATA/)
  })
  it('a wheel of something else, of another machine, of another build, or without the C library', async () => {
    await refuses(() => install([wheelOf({ project: 'numpy' })]), /is a wheel of numpy; expected a wheel of tensorflow/)
    await refuses(
      () => install([wheelOf({ tag: 'cp312-cp312-win_amd64' })]),
      /built for cp312-cp312-win_amd64, but this is Linux on .*Windows do not contain the C library/,
    )
    await refuses(() => install([wheelOf({ tag: 'cp312-cp312-macosx_12_0_arm64' })]), /macosx_12_0_arm64/)
    if (CPU_PROJECT === 'tensorflow_cpu') {
      await refuses(() => install([wheelOf({ project: 'tensorflow' })]), /is the CUDA build; install it with --gpu/)
      await refuses(() => install([wheelOf({})], { build: 'cuda' }), /is the build without CUDA/)
    }
    await refuses(
      () => install([wheelOf({ version: '2.9.1', files: { 'tensorflow/python/x.so': noise } })]),
      /does not contain libtensorflow_cc\.so\.2; use a wheel of TensorFlow 2\.21\.0/,
    )
    const two = [wheelOf({ files: libraries(noise) }), wheelOf({ files: libraries(noise) })]
    await refuses(() => install(two), /expected one wheel of tensorflow/, 'usage')
  })
  it('a wheel whose bytes are not those that were published', async () => {
    await refuses(
      () => install([wheelOf({ files: libraries(noise), damaged: [LIBRARY_NAMES[1]] })]),
      /the checksum of .*libtensorflow_framework\.so\.2 does not match the RECORD of the wheel/,
    )
    const torn = wheelOf({ files: libraries(noise) })
    const bytes = readFileSync(torn)
    bytes.fill(0xff, 200, 400)
    writeFileSync(torn, bytes)
    await refuses(() => install([torn]), /cannot be unpacked|does not match the RECORD/)
  })
  it('libraries of another kind, or without the functions that are called', async () => {
    await refuses(
      () => install([wheelOf({ files: libraries(noise) })]),
      /libtensorflow_cc\.so\.2 cannot be used: it is not a shared library/,
    )
    await refuses(
      () => install([wheelOf({ files: libraries(sharedLibrary(root, ['TF_Version', 'TFE_Execute'])) })]),
      /lacks \d+ C API functions that the add-on calls: TFE_/,
    )
  })
  it('an add-on that does not compile: the compiler says why', async () => {
    const complete = sharedLibrary(root, functions())
    await refuses(
      () => install([wheelOf({ files: libraries(complete) })]),
      /the add-on could not be compiled with c\+\+: .*(tensorflow\/c\/(eager\/)?c_api\.h|node_api)/,
    )
    expect(said).toContain('Compiling the add-on with c++')
  })
  it('a machine without a compiler, before anything is fetched', async () => {
    await refuses(
      () => install([], { environment: { ...alone, PATH: '' } }),
      /no C\+\+ compiler was found \(tried c\+\+, g\+\+, clang\+\+\); install one with/,
    )
    await refuses(
      () => install([], { environment: { ...alone, CXX: '/no/such/compiler' } }),
      /tried \/no\/such\/compiler/,
    )
    expect(said).toEqual([])
  })
  it('without a network, with pip and without it', async () => {
    await refuses(
      () => install([]),
      /tensorflow(-cpu)? could not be downloaded: pip is not installed; http:\/\/127\.0\.0\.1:9\/simple\/tensorflow(-cpu)?\/ cannot be reached: .*--wheel FILE/,
    )
    if (spawnSync('python3', ['-m', 'pip', '--version']).status !== 0) return
    await refuses(
      () =>
        install([], {
          environment: {
            ...process.env,
            PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
            PIP_FIND_LINKS: '',
            PIP_RETRIES: '0',
          },
        }),
      /could not be downloaded: pip failed: .*; http:\/\/127\.0\.0\.1:9/,
    )
  })
  it('an installation that is stopped', async () => {
    await refuses(() => install([], { signal: AbortSignal.abort() }), /stopped/, 'cancelled')
  })
})

describe.skipIf(platform() !== 'linux')('fetching without pip', () => {
  let server: Server
  let answer: (address: string) => { status: number; body: Buffer | string }
  beforeAll(async () => {
    server = createServer((request, response) => {
      const { status, body } = answer(request.url ?? '')
      response.writeHead(status, { 'Content-Length': Buffer.byteLength(body) }).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => server.close())

  const wheel = wheelOf({
    files: Object.fromEntries(LIBRARY_NAMES.map((name) => [name, new Uint8Array(9000).fill(1)])),
  })
  const bytes = readFileSync(wheel)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const file = (filename: string, more: object = {}): object => ({
    filename,
    url: `../../files/${filename}`,
    hashes: { sha256 },
    yanked: false,
    ...more,
  })
  const asked: string[] = []
  const serve = (files: readonly object[]): void => {
    asked.length = 0
    answer = (address) => {
      asked.push(address)
      return address.startsWith('/files/')
        ? { status: 200, body: bytes }
        : { status: 200, body: JSON.stringify({ files }) }
    }
  }
  const fetching = (): Promise<unknown> =>
    install([], {
      environment: { ...alone, PIP_INDEX_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple` },
    })

  it('takes the wheel of this machine and release that is not withdrawn, and goes on with it', async () => {
    const name = basename(wheel)
    serve([
      file(name.replace('cp312-cp312', 'cp39-cp39')),
      file(name.replace('manylinux_2_27', 'win')),
      file(name.replace('2.21.0', '2.22.0')),
      file(name.replace('2.21.0', '2.21.0rc1')),
      file(name.replace('manylinux_2_27', 'manylinux_2_17'), { yanked: 'wrong' }),
      file(name),
    ])
    // Far enough to look into the library that came.
    await expect(fetching()).rejects.toMatchObject({
      message: expect.stringMatching(/libtensorflow_cc\.so\.2 cannot be used/) as string,
    })
    expect(asked.at(-1)).toBe(`/files/${name}`)
  })
  it('refuses bytes that the index does not vouch for', async () => {
    serve([file(basename(wheel), { hashes: { sha256: 'f'.repeat(64) } })])
    await expect(fetching()).rejects.toMatchObject({
      code: 'tensorflow.install',
      message: expect.stringMatching(/has the SHA-256 [0-9a-f]{64}, but the index gives f{64}/) as string,
    })
    expect(existsSync(folder)).toBe(false)
  })
  it('says when there is no such wheel, and when the index answers otherwise', async () => {
    serve([])
    await expect(fetching()).rejects.toMatchObject({
      message: expect.stringMatching(/offers no wheel tensorflow(-cpu)?==2\.21\.0 for Linux/) as string,
    })
    answer = () => ({ status: 503, body: '' })
    await expect(fetching()).rejects.toMatchObject({
      message: expect.stringMatching(/responded with status 503/) as string,
    })
    answer = () => ({ status: 200, body: '<html>' })
    await expect(fetching()).rejects.toMatchObject({
      message: expect.stringMatching(/did not respond like a package index/) as string,
    })
  })
})

describe('an installation that is not whole', () => {
  const inFolder = async (work: () => Promise<void>): Promise<void> => {
    const before = process.env['LOCALLEARNING_TENSORFLOW']
    process.env['LOCALLEARNING_TENSORFLOW'] = folder
    try {
      await work()
    } finally {
      if (before === undefined) delete process.env['LOCALLEARNING_TENSORFLOW']
      else process.env['LOCALLEARNING_TENSORFLOW'] = before
    }
  }
  const lineOf = async (name: string): Promise<unknown> => (await probeExecutors()).find((probe) => probe.name === name)

  it('is refused by name, and the check list says what to do', () =>
    inFolder(async () => {
      expect(await readInstallation(folder)).toBeNull()
      await expect(startExecutor('tensorflow')).rejects.toMatchObject({
        code: 'executor.unavailable',
        message: expect.stringContaining(`TensorFlow is not installed in ${folder}`) as string,
      })
      expect(await lineOf('tensorflow')).toMatchObject({
        works: false,
        detail: expect.stringContaining('is not installed') as string,
        remedy: expect.stringContaining('lab tensorflow install') as string,
      })
      expect(await lineOf('tensorflow-gpu')).toMatchObject({
        works: false,
        remedy: expect.stringContaining('lab tensorflow install --gpu') as string,
      })

      writeOld()
      truncateSync(join(folder, 'lib', 'tfjs_binding.node'), 5)
      await expect(startExecutor('tensorflow')).rejects.toMatchObject({
        message: expect.stringContaining('not completely installed: lib/tfjs_binding.node has 5 of 13 bytes') as string,
      })
      rmSync(join(folder, 'lib'), { recursive: true })
      expect(await lineOf('tensorflow')).toMatchObject({
        works: false,
        detail: expect.stringContaining('lib/tfjs_binding.node is missing') as string,
      })
      writeFileSync(join(folder, MANIFEST), '{')
      expect(await lineOf('tensorflow')).toMatchObject({ detail: expect.stringContaining('is damaged') as string })
      rmSync(join(folder, MANIFEST))
      expect(await lineOf('tensorflow')).toMatchObject({
        detail: expect.stringContaining('tensorflow.json is missing') as string,
      })
    }))
  it('of another machine or build, or with a library that does not load, is refused too', () =>
    inFolder(async () => {
      writeOld()
      await expect(startExecutor('tensorflow')).rejects.toMatchObject({
        message: expect.stringMatching(/library could not be loaded: .*tfjs_binding\.node/) as string,
      })
      expect(await lineOf('tensorflow-gpu')).toMatchObject({
        works: false,
        detail: expect.stringContaining('does not support CUDA') as string,
      })
      writeFileSync(
        join(folder, MANIFEST),
        readFileSync(join(folder, MANIFEST), 'utf8').replace(`${process.platform} ${process.arch}`, 'plan9 mips'),
      )
      expect(await lineOf('tensorflow')).toMatchObject({
        detail: expect.stringContaining('installed for plan9 mips') as string,
      })
    }))
  it('is removed, whole or half; a folder with other things is left alone', async () => {
    expect(await removeTensorflow(folder)).toBe(false)
    writeOld()
    mkdirSync(`${folder}.999999999.installing`)
    rmSync(join(folder, MANIFEST))
    expect(await removeTensorflow(folder)).toBe(true)
    expect(readdirSync(home)).toEqual([])
    writeOld()
    writeFileSync(join(folder, 'thesis.tex'), '')
    await expect(removeTensorflow(folder)).rejects.toMatchObject({
      code: 'tensorflow.install',
      message: expect.stringContaining('thesis.tex') as string,
    })
    expect(existsSync(join(folder, 'thesis.tex'))).toBe(true)
  })
})
