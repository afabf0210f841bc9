import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lab } from '../../../lab/lab.js'
import { readModelFile } from '../../../lab/formats/index.js'
import { REPRO_ATTACKS, REPRO_MODELS, SHOWN_MODELS } from '../../../lab/repro/plan.js'
import type { ReplayReport } from '../../../contract/index.js'
import { REPRO_STAGES, STAGES, withNeeds } from '../../../lab/repro/stages/index.js'
import { openTestLab, temporaryHome } from '../lab/harness.js'
import { replayTiny } from './harness.js'
import { killedProcess } from '../lab/killedProcess.js'

const holder = new URL('./holder.ts', import.meta.url).pathname
const json = async <Value>(...path: string[]): Promise<Value> =>
  JSON.parse(await readFile(join(...path), 'utf8')) as Value
type Memory = { steps: Record<string, { job: string; output: string; files: Record<string, string> }> }
/** What came out of every step; drawings and the report hold the time at which they were made. */
const outputs = async (folder: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    Object.entries((await json<Memory>(folder, 'replay.json')).steps)
      .filter(([key]) => !key.startsWith('figures/') && key !== 'report')
      .map(([key, { output }]) => [key, output]),
  )

/** Starts the replay in a process of its own and kills it without warning in the first step of a stage. */
async function killIn(stage: string, home: string, folder: string): Promise<void> {
  await killedProcess(holder, [home, folder], (text) =>
    text.split('\n').some((key) => key === stage || key.startsWith(`${stage}/`)),
  )
}

describe('a replay', () => {
  let home: Awaited<ReturnType<typeof temporaryHome>>
  let lab: Lab
  let folder: string
  beforeAll(async () => {
    home = await temporaryHome()
    lab = await openTestLab(home.folder)
    folder = join(home.folder, 'repro')
  })
  afterAll(async () => {
    await lab.close()
    await home.remove()
  })

  it('makes the tree of section 9 and a report', async () => {
    const { made, files, steps } = await replayTiny(lab, folder)
    expect(made).toEqual(Object.keys(steps))
    expect(files).toEqual(
      expect.arrayContaining([
        'models/fkhl3_scenes.pty',
        'models/fkhl3_scenes_4.pty',
        'models/fkhl3_scenes_pruned.pty',
        'models/khmodel_scenes_pruned.pty',
        'models/shlp_init.pty',
        'models/shlp_scenes.pty',
        'models/shlp_l2.pty',
        'models/shlp_jreg.pty',
        'models/shlp_specreg.pty',
        'models/shlp_specreg_kh.pty',
        'models/random_plane.pty',
        'models/khmodel_scenes_log.json',
        'models/shlp_specreg_kh_log.json',
        'experiments/random_perturbation_results.json',
        'experiments/fgsm_results.json',
        'experiments/pgd_results.json',
        'experiments/spectral_results.json',
        'figures/Figure1-AdversarialResults.png',
        'figures/Figure4-JacobianLandscapesAndDecisionBoundaries.png',
        'figures/FigureA2-AccVsRobustness.png',
        'report.json',
        'report.html',
      ]),
    )
    const page = await readFile(join(folder, 'report.html'), 'utf8')
    expect(page.match(/<img /g)).toHaveLength(6)
    expect(page).not.toMatch(/(src|href)="(?!data:)/)
  })

  it('starts BP from what shlp_init holds, and logs as the original does', async () => {
    const initial = readModelFile(new Uint8Array(await readFile(join(folder, 'models/shlp_init.pty'))))
    expect(initial.facts).toMatchObject({
      type: 'SHLP',
      hiddenUnits: 16,
      inputSize: 3072,
      classes: 10,
      batchNorm: false,
    })
    // N(0, 2/d) over 16 x 3072 entries: the mean square is 2/d within 4 standard errors, 2/d √(2/49152).
    const squares =
      initial.tensors.weights.reduce((sum, value) => sum + value * value, 0) / initial.tensors.weights.length
    expect(Math.abs(squares * 1536 - 1)).toBeLessThan(4 * Math.sqrt(2 / initial.tensors.weights.length))
    const { model_type, model_path, log } = await json<{
      model_type: string
      model_path: string
      log: Record<string, number[]>
    }>(folder, 'models/shlp_jreg_log.json')
    expect([model_type, model_path, log['epoch']]).toEqual(['SHLP', 'models/shlp_jreg.pty', [1, 2]])
    // Loss is the sum of the cross entropy and 1e-3 times the term, over the batches of an epoch.
    for (const index of [0, 1])
      expect(log['loss']?.[index]).toBeCloseTo(
        (log['ce_loss']?.[index] ?? NaN) + 1e-3 * (log['JFReg_loss']?.[index] ?? NaN),
        4,
      )
    expect(Object.keys(log)).toEqual(['epoch', 'loss', 'ce_loss', 'eval_acc', 'JFReg_loss', 'eval_JFReg_score'])
    // Sums over the batches: of 100 images an epoch, of the 2000 test images a test; the means of both are ‖J‖²/3 and a little more (section 4.2).
    const { steps } = await json<Memory>(folder, 'replay.json')
    const { spec, record } = await lab.call('run.get', { id: steps['train/JReg']?.job ?? '' })
    const tests = Math.ceil(2000 / spec.schedule.batchSize)
    const [train, test] = [
      (log['JFReg_loss']?.[1] ?? NaN) / record.stepsPerEpoch,
      (log['eval_JFReg_score']?.[1] ?? NaN) / tests,
    ]
    expect(test / train).toBeGreaterThan(0.7)
    expect(test / train).toBeLessThan(1.4)
  })

  it('reports the numbers of the archive', async () => {
    const { rows, counts, claims } = await json<ReplayReport>(folder, 'report.json')
    const { steps } = await json<Memory>(folder, 'replay.json')
    const rowOf = (quantity: string, model: string) =>
      rows.find((row) => row.quantity === quantity && row.model === model)
    for (const [attack, name] of [
      ['random', 'random perturbation'],
      ['fgsm', 'FGSM'],
      ['pgd', 'PGD'],
    ] as const) {
      for (const model of SHOWN_MODELS) {
        const { series: all } = await lab.call('robustness.get', { id: steps[`robustness/${attack}`]?.job ?? '' })
        const series = all.find(({ label }) => label === model)
        expect(rowOf(`${name}: median critical norm`, model)?.ours).toBe(series?.criticalNorm?.median ?? null)
      }
    }
    const { fit } = await lab.call('spectrum.get', { id: steps['spectra/Dataset/dataset']?.job ?? '' })
    expect(rowOf('slope, CIFAR-10', 'Dataset')).toMatchObject({
      published: -1.47,
      ours: fit?.slope,
      verdict: 'otherData',
    })
    const { record } = await lab.call('run.get', { id: steps['train/BP']?.job ?? '' })
    expect(rowOf('final test accuracy', 'BP')).toMatchObject({ published: 0.562, ours: record.testAccuracy })
    // Scenes are not the paper's images: nothing is judged.
    expect([counts.inside, counts.outside, claims.some(({ holds }) => holds !== null)]).toEqual([0, 0, false])
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(rows.length)
  })

  it('draws Figure A2 with the last accuracy of each training, and says which sweeps it shows', async () => {
    const { data } = await json<{ data: { models: { model: { label: string }; testAccuracy: number }[] } }>(
      folder,
      'figures/FigureA2-AccVsRobustness.data.json',
    )
    const { log } = await json<{ log: Record<string, number[]> }>(folder, 'models/shlp_jreg_log.json')
    expect(data.models.map(({ model }) => model.label)).toEqual(['KH', 'BP', 'L2', 'JReg', 'SpecReg'])
    expect(data.models[3]?.testAccuracy).toBe(log['eval_acc']?.at(-1))
    const { results, runs } = await json<{ results: { kind: string; models: { model: string }[] }[]; runs: string[] }>(
      folder,
      'figures/FigureA2-AccVsRobustness.provenance.json',
    )
    expect(results.map(({ kind }) => kind)).toEqual(['sweep', 'sweep'])
    expect(new Set(results.flatMap(({ models }) => models.map(({ model }) => model)))).toEqual(new Set(runs))
  })

  it('does nothing when nothing has changed', async () => {
    expect((await replayTiny(lab, folder)).made).toEqual([])
  })

  it('makes again what depends on a changed parameter, and nothing else', async () => {
    const { made } = await replayTiny(lab, folder, {
      change: ({ models }) => {
        models.L2 = { ...models.L2, regularisers: [{ kind: 'lebesgue', strength: 0.01, lebesgueNorm: 2 }] }
      },
    })
    expect(made).toEqual([
      'train/L2',
      ...REPRO_ATTACKS.map((attack) => `robustness/${attack}`),
      'spectra/L2/dataset',
      'spectra/L2/noise',
      'spectra',
      'plane/L2',
      'figures/1',
      'figures/3',
      'figures/4',
      'figures/A2',
      'report',
    ])
    // Only L2, the third of five models, is attacked again.
    const { steps } = await json<Memory>(folder, 'replay.json')
    for (const attack of REPRO_ATTACKS) {
      const {
        record: { taken = {} },
      } = await lab.call('robustness.get', { id: steps[`robustness/${attack}`]?.job ?? '' })
      expect(Object.keys(taken)).toEqual(['0', '1', '3', '4'])
    }
  })

  it('makes a file again that was lost or changed, from its archived run', async () => {
    await replayTiny(lab, folder)
    await writeFile(join(folder, 'models/shlp_jreg.pty'), 'not what it was')
    const { made } = await replayTiny(lab, folder)
    expect(made).toEqual(['train/JReg'])
    expect(readModelFile(new Uint8Array(await readFile(join(folder, 'models/shlp_jreg.pty')))).facts.type).toBe('SHLP')
  })

  it('refuses a value that does not fit, before anything is made', async () => {
    await expect(
      replayTiny(lab, join(home.folder, 'none'), { change: (plan) => Object.assign(plan.plane, { size: 1 }) }),
    ).rejects.toMatchObject({ code: 'spec.invalid', message: expect.stringContaining('plane.size') })
  })

  it('killed in every stage, goes on to the same results', async () => {
    const other = join(home.folder, 'other')
    const tree = join(other, 'repro')
    for (const stage of ['layer', 'prune', 'train', 'robustness', 'spectra', 'plane', 'figures', 'report'])
      await killIn(stage, other, tree)
    const again = await openTestLab(other)
    try {
      await replayTiny(again, tree)
    } finally {
      await again.close()
    }
    expect(await outputs(tree)).toEqual(await outputs(folder))
  }, 600_000)
}, 600_000)

describe('stages', () => {
  it('need only stages before them', () => {
    for (const [place, stage] of REPRO_STAGES.entries())
      for (const needed of STAGES[stage].needs) expect(REPRO_STAGES.indexOf(needed)).toBeLessThan(place)
    expect(withNeeds(['train'])).toEqual(['layer', 'prune', 'train'])
    expect(withNeeds(['report'])).toEqual([...REPRO_STAGES])
  })
  it('train the models of section 3.6 in its order', () => {
    expect(REPRO_MODELS).toEqual(['KH', 'BP', 'L2', 'JReg', 'SpecReg', 'SpecReg-KH'])
  })
})
