import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { LocalLearningSpec, RunRecord } from '../../contract/index.js'
import { assign } from '../../cli/settings.js'
import { writeModelFile, writeNpy } from '../../lab/formats/index.js'
import { sceneModel } from '../lab/lab/probeSetup.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'workbench-cli-'))
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

interface Ended {
  code: number | null
  out: string
  err: string
}

/** Runs `lab` as a shell would; `onError` sees standard error as it grows. */
function lab(
  words: readonly string[],
  onError: (text: string, interrupt: () => void) => void = () => {},
): Promise<Ended> {
  const environment: NodeJS.ProcessEnv = { ...process.env, LOCALLEARNING_HOME: join(root, 'home') }
  for (const name of ['LOCALLEARNING_DATA', 'LOCALLEARNING_TENSORFLOW']) delete environment[name]
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['cli/lab.mjs', ...words], {
      cwd: PROJECT,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended: Ended = { code: null, out: '', err: '' }
    let interrupted = false
    child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      ended.err += chunk.toString()
      onError(ended.err, () => {
        if (!interrupted) child.kill('SIGINT')
        interrupted = true
      })
    })
    child.once('close', (code) => resolve({ ...ended, code }))
  })
}
const reported = <Form>({ out }: Ended): Form => JSON.parse(out) as Form

const preset = (
  JSON.parse(readFileSync(join(PROJECT, 'resources/presets/quick-look.json'), 'utf8')) as { spec: LocalLearningSpec }
).spec
const small: LocalLearningSpec = {
  ...preset,
  name: 'small',
  dataset: { kind: 'syntheticScenes', imageLimit: 200, dataSeed: 1 },
  layer: { ...preset.layer, hiddenUnits: 16 },
  schedule: { ...preset.schedule, epochs: 6, batchSize: 20 },
  probes: { ...preset.probes, spectrumEvery: 3, spectrumImages: 100, windowStart: 1, windowEnd: 12 },
  checkpoints: { every: 2, keep: 2 },
}
const write = (name: string, value: unknown): string => {
  const path = join(root, name)
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

describe('a run without a window', () => {
  it('puts one JSON document on standard output, and everything else elsewhere', async () => {
    const archive = join(root, 'a')
    const ended = await lab([
      'run',
      write('small.json', small),
      '--out',
      archive,
      '--seed',
      '9',
      '--set',
      'schedule.epochs=3',
      '--json',
    ])
    expect(ended.code).toBe(0)
    const { run, files } = reported<{ run: RunRecord; files: { path: string }[] }>(ended)
    expect(run).toMatchObject({ state: 'finished', seed: 9, epochs: 3 })
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['model.pty', 'model.safetensors', 'metrics.jsonl', 'spec.json']),
    )
    const shown = reported<{ measures: Record<string, number> }>(
      await lab(['show', run.id, '--archive', archive, '--json']),
    )
    expect(shown.measures['learningRate']).toBe(0)
    expect(
      reported<{ runs: RunRecord[] }>(await lab(['list', '--archive', archive, '--json'])).runs.map(({ id }) => id),
    ).toEqual([run.id])
  })

  it('stopped by Ctrl-C leaves with 130 and goes on to the same bytes', async () => {
    const long = write('long.json', { ...small, schedule: { ...small.schedule, epochs: 150, batchSize: 2 } })
    const whole = await lab(['run', long, '--out', join(root, 'whole'), '--json'])
    expect(whole.code).toBe(0)
    const archive = join(root, 'cut')
    const cut = await lab(['run', long, '--out', archive], (text, interrupt) => {
      if (/small \d+\/150/.test(text)) interrupt()
    })
    expect(cut.code).toBe(130)
    expect(cut.err).toMatch(/lab resume r-[0-9a-f]{8}/)
    const [id = ''] = readdirSync(join(archive, 'runs'))
    expect((await lab(['resume', id, '--archive', archive, '--json'])).code).toBe(0)
    const model = (folder: string): Buffer =>
      readFileSync(join(folder, 'runs', readdirSync(join(folder, 'runs'))[0] ?? '', 'model.pty'))
    expect(model(archive).equals(model(join(root, 'whole')))).toBe(true)
  })
})

describe('a queue that is held', () => {
  it('is reported instead of waited for', async () => {
    const archive = join(root, 'held')
    mkdirSync(archive)
    writeFileSync(join(archive, 'settings.json'), JSON.stringify({ queueHeld: true }))
    expect(await lab(['run', write('held.json', small), '--out', archive])).toMatchObject({
      code: 130,
      err: expect.stringContaining('the queue is paused'),
    })
  })
})

describe('models without a window', () => {
  const archive = join(root, 'models')
  const files = join(PROJECT, 'tests/lab/formats/files')
  it('are imported, shown, exported and evaluated', async () => {
    const imported = reported<{ model: { name: string } }>(
      await lab(['import', join(files, 'shlp_norm.2.15.pty'), '--name', 'batch norm', '--archive', archive, '--json']),
    )
    expect(imported.model.name).toBe('batch norm')
    expect((await lab(['models', 'list', '--archive', archive])).out).toMatch(/batch norm +SHLP +27 → 12 → 10/)
    expect((await lab(['models', 'show', 'batch norm', '--archive', archive])).out).toMatch(/variance +12 +/)
    const copy = join(root, 'copy.npz')
    expect(
      reported<{ file: { path: string; format: string } }>(
        await lab(['models', 'export', 'batch norm', '--out', copy, '--archive', archive, '--json']),
      ).file,
    ).toMatchObject({ path: copy, format: 'npz' })
    const wide = write('wide.npz', '')
    const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, (_, index) => Math.sin(index))
    writeFileSync(
      wide,
      writeModelFile(
        {
          facts: {
            type: 'SHLP',
            inputSize: 3072,
            hiddenUnits: 4,
            classes: 10,
            activationExponent: 1,
            batchNorm: false,
            batchesSeen: 0,
          },
          tensors: { weights: numbers(4 * 3072), dense: numbers(40), bias: numbers(10) },
        },
        'npz',
      ),
    )
    const ended = await lab([
      'evaluate',
      '--model',
      wide,
      '--dataset',
      'synthetic-scenes',
      '--images',
      '20',
      '--logits',
      '2',
      '--executor',
      'wasm',
      '--archive',
      archive,
      '--json',
    ])
    const result = reported<{
      images: number
      correct: number
      accuracy: number
      predictions: number[]
      logits: number[][]
    }>(ended)
    expect(result).toMatchObject({ images: 20, accuracy: result.correct / 20 })
    expect([result.predictions.length, result.logits.length, result.logits[1]?.length]).toEqual([20, 2, 10])
    for (const row of [0, 1])
      expect(result.logits[row]?.indexOf(Math.max(...(result.logits[row] ?? [])))).toBe(result.predictions[row])
    expect((await lab(['models', 'remove', 'batch norm', '--archive', archive])).code).toBe(0)
  })
  it.each([
    [
      'a model of another image size',
      ['evaluate', '--model', join(files, 'khmodel.2.15.pty'), '--dataset', 'syntheticScenes'],
      /images of 27 entries/,
    ],
    [
      'a model that is not there',
      ['evaluate', '--model', 'nobody', '--dataset', 'cifar10'],
      /nobody is neither an imported model nor a run nor a file/,
    ],
    [
      'an unknown format',
      ['models', 'export', join(files, 'khmodel.2.15.pty'), '--out', join(root, 'x.onnx')],
      /expected --format to be one of pty, safetensors, npz, got onnx/,
    ],
    ['a file that is not a model', ['import', 'package.json'], /expected a PyTorch file written by torch\.save/],
  ])('%s ends with 2', async (_, words, pattern) => {
    const ended = await lab([...words, '--archive', archive])
    expect(ended.err).toMatch(pattern)
    expect(ended.code).toBe(2)
  })
})

describe('bad usage and bad input end with 2 and say what to do', () => {
  it.each([
    ['an unknown command', ['dance'], /unknown command/],
    ['units without a run', ['figure', 'A1', '--units', '1,2'], /expected --run together with --units/],
    ['no units', ['figure', 'A1', '--run', 'r-00000001', '--units', ''], /--units/],
    [
      'more units than the mosaics hold',
      ['figure', 'A1', '--run', 'r-00000001', '--units', Array.from({ length: 17 }, (_, unit) => unit).join(',')],
      /expected --units with 1 to 16 numbers, got 17/,
    ],
    ['units that are no numbers', ['figure', 'A1', '--run', 'r-00000001', '--units', '1,x'], /--units|whole number/],
    ['colours that there are not', ['figure', '1', '--sweep', 'a-00000001', '--colours', 'rainbow'], /workbench|paper/],
    ['an unknown option', ['list', '--colour'], /unknown option/],
    ['a file that is not there', ['run', '/no/such.json'], /expected a JSON file or one of the presets.*quick-look/],
    ['a file that is no JSON', ['run', 'README.md'], /is not valid JSON/],
    [
      'an unknown key',
      ['run', 'quick-look', '--set', 'layer.hidenUnits=3'],
      /layer\.hidenUnits is not a key of the experiment/,
    ],
    ['a value out of range', ['run', 'quick-look', '--set', 'rule.rank=1'], /Rank 1 is the winning unit/],
    ['a newer version', ['run', 'quick-look', '--set', 'version=9'], /expected version 1 or older, got 9/],
    ['an unknown executor', ['run', 'quick-look', '--executor', 'abacus'], /expected a backend, one of auto/],
    ['a run that is not there', ['show', 'r-00000000'], /no run has the id r-00000000/],
    ['an unknown dataset', ['data', 'verify', 'imagenet'], /expected a dataset, one of cifar10/],
    ['an archive that is none', ['data', 'import', 'cifar10', 'package.json'], /not the archive|dataset|archive/],
    [
      'a figure without data',
      ['figure', '2'],
      /Figure 2 needs --spectrum \[LABEL=\]SPECTRUM for each, or --from FILE\.json/,
    ],
    [
      'a figure of another kind of results',
      ['figure', '4', '--sweep', 'a-1234'],
      /Figure 4 needs --plane \[LABEL=\]PLANE, or --from FILE\.json, got --sweep/,
    ],
    [
      'a figure from two sources',
      ['figure', 'A2', '--sweep', 'a-1234', '--from', 'x.json'],
      /expected one source, got --from and --sweep/,
    ],
    [
      'windows of fits without spectra',
      ['figure', '1', '--sweep', 'a-1234', '--window', '1:9', '--noise-window', '1:9'],
      /expected --spectrum together with --window/,
    ],
    [
      'a result that is not there',
      ['figure', '4', '--plane', 'p-1234'],
      /no plane is named p-1234; the archive contains no plane/,
    ],
    [
      'a figure from a file that is none',
      ['figure', '2', '--from', 'package.json'],
      /the figure data are not valid: .*version/,
    ],
    [
      'an unknown stage',
      ['repro', '--only', 'everything', '--out', join(root, 'x')],
      /expected a stage, one of layer, prune, train, robustness, spectra, plane, figures, report/,
    ],
    [
      'an unknown value of a replay',
      ['repro', '--scale', 'smoke', '--out', join(root, 'x'), '--set', 'plane.sise=3'],
      /plane\.sise is not a key of the experiment/,
    ],
    [
      'a dataset that is missing',
      ['run', 'quick-look', '--set', 'dataset={"kind":"mnist","imageLimit":null}'],
      /MNIST: not found in .*import its four idx.gz files/,
    ],
  ])('%s', async (_, words, pattern) => {
    const ended = await lab(words)
    expect(ended.err).toMatch(pattern)
    expect(ended.code).toBe(2)
    expect(ended.out).not.toMatch(/^\s*\{/)
  })

  it('as a JSON document too', async () => {
    const ended = await lab(['show', 'r-00000000', '--json'])
    expect(reported<{ error: { code: string; advice: string } }>(ended).error).toMatchObject({
      code: 'run.missing',
      advice: expect.stringContaining('lab list'),
    })
  })
})

describe('lab repro', () => {
  it('makes the tree of the paper from the built-in scenes, and skips what is there', async () => {
    const out = join(root, 'repro')
    const words = [
      'repro',
      '--only',
      'prune',
      '--scale',
      'smoke',
      '--out',
      out,
      '--set',
      'layer.layer.hiddenUnits=40',
      '--set',
      'layer.schedule.epochs=10',
      '--set',
      'layer.dataset.imageLimit=500',
    ]
    const first = await lab([...words, '--json'])
    expect(first.err + first.out).toContain('CIFAR-10 is not available')
    expect(first.code).toBe(0)
    for (const path of [
      'models/fkhl3_scenes.pty',
      'models/fkhl3_scenes_pruned.pty',
      'figures/FigureA1-FKHL3Spectra.eps',
      'figures/FigureA1-FKHL3Spectra.png',
    ])
      expect(existsSync(join(out, path))).toBe(true)
    const second = await lab(words)
    expect(second.out).toContain('Layer: unchanged, reused')
    expect(second.out).not.toMatch(/^\[\d/m)
  })
  it('stopped by Ctrl-C says how it goes on', async () => {
    const words = [
      'repro',
      '--only',
      'layer',
      '--scale',
      'smoke',
      '--out',
      join(root, 'stopped'),
      '--set',
      'layer.layer.hiddenUnits=16',
      '--set',
      'layer.schedule.epochs=20000',
      '--set',
      'layer.dataset.imageLimit=100',
    ]
    const cut = await lab(words, (text, interrupt) => {
      if (/Replay, smoke: layer \d+\/20000/.test(text)) interrupt()
    })
    expect(cut).toMatchObject({
      code: 130,
      err: expect.stringMatching(
        /r-[0-9a-f]{8} stopped in epoch \d+ of 20000; .*; run the same command again to resume/,
      ),
    })
  })
  it('wants CIFAR-10 for the larger scales', async () => {
    expect(await lab(['repro', '--scale', 'demo', '--out', join(root, 'none')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('needs CIFAR-10'),
    })
  })
})

describe('lab doctor and lab data list', () => {
  it('say what is here', async () => {
    const report = reported<{ checks: { id: string }[]; executor: string }>(await lab(['doctor', '--json']))
    expect(report.executor).toBe('onnx-cpu')
    expect(report.checks.length).toBeGreaterThan(8)
    const { datasets } = reported<{ datasets: { kind: string; state: string }[] }>(
      await lab(['data', 'list', '--json']),
    )
    expect(datasets.find(({ kind }) => kind === 'syntheticScenes')?.state).toBe('here')
  })
})

describe('lab settings', () => {
  it('shows and changes how many runs compute at once', async () => {
    expect(reported(await lab(['settings', '--json']))).toMatchObject({ slots: 1, threadsPerSlot: null })
    expect(reported(await lab(['settings', '--slots', '2', '--threads-per-slot', '1', '--json']))).toMatchObject({
      slots: 2,
      threadsPerSlot: 1,
    })
    expect((await lab(['settings'])).out).toMatch(/Runs at once: 2\n.+\nThreads per run: 1\n/)
    expect((await lab(['settings', '--slots', '0'])).code).toBe(2)
    expect(reported(await lab(['settings', '--slots', '1', '--threads-per-slot', 'even', '--json']))).toMatchObject({
      slots: 1,
      threadsPerSlot: null,
    })
    expect(reported(await lab(['settings', '--slot-kind', 'process', '--json']))).toMatchObject({ slotKind: 'process' })
    expect((await lab(['settings'])).out).toContain('First run computes in: a process of its own\n')
    expect((await lab(['settings', '--slot-kind', 'fork'])).code).toBe(2)
  })
})

describe('lab tensorflow', () => {
  it('refuses a file that is no wheel, and removes what is there or says that nothing is', async () => {
    const refused = await lab(['tensorflow', 'install', '--wheel', 'README.md', '--json'])
    expect(refused.code).toBe(1)
    expect(reported<{ error: { code: string; message: string } }>(refused).error).toMatchObject({
      code: 'tensorflow.install',
    })
    expect(reported<{ removed: boolean }>(await lab(['tensorflow', 'remove', '--json']))).toMatchObject({
      removed: false,
      folder: join(root, 'home', 'tensorflow'),
    })
  })
})

describe('--set', () => {
  it('reads values as JSON, else as text', () => {
    const plain = { name: 'a', layer: { hiddenUnits: 1, weightSpread: 1 as number | null } }
    for (const assignment of ['layer.hiddenUnits=400', 'name=a first try = fine', 'layer.weightSpread=null'])
      assign(plain, assignment)
    expect(plain).toEqual({ name: 'a first try = fine', layer: { hiddenUnits: 400, weightSpread: null } })
    expect(() => assign(plain, 'nonsense')).toThrow(/key=value/)
  })
})

describe('probes without a window', () => {
  const model = join(root, 'scene-model.pty')
  const archive = join(root, 'probes')
  const common = [
    '--model',
    model,
    '--dataset',
    'syntheticScenes',
    '--executor',
    'wasm',
    '--archive',
    archive,
    '--json',
  ]
  writeFileSync(model, writeModelFile(sceneModel(1), 'pty'))
  it('lab robustness, card, spectrum and plane give every number as JSON', async () => {
    const sweep = reported<
      Record<string, (number | null)[]> & { medianCriticalNorm: number; neverFooled: number; id: string }
    >(
      await lab([
        'robustness',
        ...common,
        '--attack',
        'fgsm',
        '--grid',
        '1e-4:0.1:10:log',
        '--images',
        '30',
        '--out',
        join(root, 'sweep'),
      ]),
    )
    expect([
      sweep['keptIndices']?.length,
      sweep['epsilons']?.length,
      sweep['relativeAccuracy']?.length,
      sweep['criticalEpsilon']?.length,
      sweep['criticalNorm']?.length,
    ]).toEqual([30, 10, 10, 30, 30])
    expect(sweep['criticalNorm']?.filter((norm) => norm === null).length).toBe(sweep.neverFooled)
    expect(sweep.medianCriticalNorm).toBeGreaterThan(0)
    expect(readdirSync(join(root, 'sweep'))).toEqual(expect.arrayContaining(['result.json', 'criticalNorm.npy']))

    const card = reported<{ attacks: { id: string }[]; checks: unknown[] }>(
      await lab(['card', ...common, '--images', '10']),
    )
    expect(card.attacks.map(({ id }) => id)).toEqual([sweep.id])
    expect(card.checks.length).toBe(5)

    const spectrum = reported<{
      eigenvalues: number[]
      fit: { slope: number; window: number[] }
      participationRatio: number
    }>(await lab(['spectrum', ...common, '--source', 'hidden', '--window', '1:12', '--images', '50']))
    expect(spectrum.eigenvalues.length).toBe(12)
    expect(spectrum.fit.window).toEqual([1, 12])

    const directions = join(root, 'directions.npy')
    const values = new Float32Array(2 * 3072)
    values[0] = 2
    values[3072 + 1] = 3
    writeFileSync(directions, writeNpy({ data: values, shape: [2, 3072] }))
    const plane = reported<{
      id: string
      axis: number[]
      labels: number[][]
      confidence: number[][]
      jacobianNorm: number[][]
      u: number[]
    }>(await lab(['plane', ...common, '--image', '2', '--directions', directions, '--extent', '3', '--size', '6']))
    expect(plane.axis[0]).toBe(-3)
    expect([
      plane.labels.length,
      plane.labels[0]?.length,
      plane.confidence[5]?.length,
      plane.jacobianNorm.length,
    ]).toEqual([6, 6, 6, 6])
    expect(plane.u.slice(0, 2)).toEqual([1, 0])

    const words = common.filter((word) => word !== '--json')
    await lab([
      'spectrum',
      ...common,
      '--dataset',
      'gaussianNoise',
      '--source',
      'hidden',
      '--window',
      '1:12',
      '--images',
      '50',
    ])
    const out = join(root, 'figures')
    const drawn = await lab([
      'figure',
      '4',
      '--plane',
      `KH=${plane.id.slice(0, 10)}`,
      '--format',
      'svg',
      '--out',
      out,
      ...words.slice(words.indexOf('--archive'), words.indexOf('--archive') + 2),
    ])
    expect([drawn.code, drawn.err]).toEqual([0, ''])
    const model = words[words.indexOf('--model') + 1] as string
    const third = await lab([
      'figure',
      '3',
      '--spectrum',
      `KH=${model}`,
      '--window',
      '2:9',
      '--noise-window',
      '3:8',
      '--format',
      'svg',
      '--out',
      out,
      ...words.slice(words.indexOf('--archive'), words.indexOf('--archive') + 2),
    ])
    expect([third.code, third.err]).toEqual([0, ''])
    const numbers = JSON.parse(readFileSync(join(out, 'Figure3-ModelSpectra.data.json'), 'utf8')) as {
      data: { rows: { label: string; noise: { fit: { window: number[] } } }[] }
    }
    expect(numbers.data.rows.map(({ label, noise }) => [label, noise.fit.window])).toEqual([['KH', [3, 8]]])
  }, 240_000)
  it('refuses what it cannot do, with exit code 2 and the reason', async () => {
    for (const [words, reason] of [
      [['robustness', ...common, '--attack', 'fgsm', '--grid', '0.1:0.01:5'], /increasing ε values/],
      [['robustness', ...common, '--attack', 'deepfool', '--grid', '1:2:3'], /random, fgsm or pgd/],
      [
        ['robustness', ...common, '--attack', 'fgsm', '--steps', '3', '--grid', '1e-4:0.1:3'],
        /--steps is an option of pgd, not of fgsm/,
      ],
      [
        ['robustness', ...common, '--attack', 'random', '--norm', 'l2', '--grid', '1e-4:0.1:3'],
        /--norm is an option of fgsm and pgd, not of random/,
      ],
      [
        ['plane', ...common, '--image', '0', '--attack', 'fgsm'],
        /--attack: options of an attack need --adversarial SIZE/,
      ],
      [['robustness', ...common, '--attack', 'fgsm'], /--grid/],
      [['spectrum', ...common, '--source', 'hidden', '--window', '11:12'], /three ranks/],
      [['plane', ...common, '--through', '4,4,5'], /collinear/],
    ] as const) {
      const ended = await lab(words)
      expect(ended.err + ended.out).toMatch(reason)
      expect(ended.code).toBe(2)
    }
  }, 240_000)
})
