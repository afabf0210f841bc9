import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { classifierSpec, type ExperimentSpec } from '../../../contract/index.js'
import { writeModelFile } from '../../../lab/formats/index.js'
import { smallExperiment } from '../../lab/lab/harness.js'
import { sceneModel } from '../../lab/lab/probeSetup.js'
import { contentsOf } from './contents.js'
import { startLab, startTest } from './program.js'
import type { ResumedWork } from './resumed.js'

const smallClassifier = (): ExperimentSpec =>
  classifierSpec.parse({
    version: 1,
    kind: 'classifier',
    name: 'small',
    seed: 7,
    executor: 'wasm',
    dataset: { kind: 'syntheticScenes', imageLimit: 100, dataSeed: 1 },
    model: { kind: 'perceptron', hiddenUnits: 12, activationExponent: 1, batchNorm: true, imageNorm: 3 },
    regularisers: [{ kind: 'jacobian', strength: 1e-3, estimator: 'corrected', projections: 2 }],
    schedule: { epochs: 12, batchSize: 25, rate: { kind: 'constant', learningRate: 1e-3 } },
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    evaluation: { every: 4, mode: 'corrected', mistakes: 6 },
    probes: { spectrumEvery: 0, spectrumImages: 50, windowStart: 1, windowEnd: 8, fieldsEvery: 1 },
    checkpoints: { every: 1, keep: 2 },
  })

const namesIn = (home: string, ...path: string[]): string[] => {
  const folder = join(home, 'archive', ...path)
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : []
}

/** Whether the folder that a printed id names is there. */
function lostId(home: string, printed: string, pattern: RegExp, ...path: string[]): string | null {
  const id = pattern.exec(printed)?.[0]
  return id === undefined || namesIn(home, ...path).includes(id) ? null : `${id} was printed, and is gone`
}

/** Training of one model, `lab run` and `lab resume`. */
function training(kind: string, spec: ExperimentSpec): ResumedWork {
  return {
    kind,
    prepare: async (home) => writeFileSync(join(home, 'spec.json'), JSON.stringify(spec)),
    start: async (home) => {
      const [run] = namesIn(home, 'runs')
      return startLab(run === undefined ? ['run', join(home, 'spec.json')] : ['resume', run], home)
    },
    lost: (home, printed) => lostId(home, printed, /\br-[0-9a-f]{8}\b/, 'runs'),
    contents: (home) =>
      contentsOf(
        join(home, 'archive', 'runs', namesIn(home, 'runs')[0] ?? ''),
        (path) => !/^(run\.json|notices\.jsonl)$/.test(path),
      ),
  }
}

export const layerTraining = training('layer', smallExperiment({ epochs: 24, checkpointEvery: 1 }))
export const classifierTraining = training('classifier', smallClassifier())

/** A robustness sweep with random starts, `lab robustness` and `--resume`. */
export const robustnessSweep: ResumedWork = {
  kind: 'sweep',
  prepare: async (home) => writeFileSync(join(home, 'one.safetensors'), writeModelFile(sceneModel(1), 'safetensors')),
  start: async (home) => {
    const [sweep] = namesIn(home, 'probes', 'robustness')
    const common = ['--executor', 'wasm']
    return startLab(
      sweep === undefined
        ? [
            'robustness',
            ...['--model', join(home, 'one.safetensors'), '--dataset', 'syntheticScenes', '--images', '40'],
            ...['--attack', 'pgd', '--random-start', '--steps', '20', '--grid', '1e-4:1e-1:10', '--seeds', '2'],
            ...['--batch', '20', '--resamples', '50', ...common],
          ]
        : ['robustness', '--resume', sweep],
      home,
    )
  },
  lost: (home, printed) => lostId(home, printed, /\ba-[0-9a-f]{8}\b/, 'probes', 'robustness'),
  contents: (home) =>
    contentsOf(join(home, 'archive', 'probes', 'robustness', namesIn(home, 'probes', 'robustness')[0] ?? ''), (path) =>
      path.startsWith('passes/'),
    ),
}

/** A small replay of the paper. */
export const replayOfThePaper: ResumedWork = {
  kind: 'replay',
  start: async (home) => startTest(join('lab', 'repro', 'replayHolder.ts'), [home], home),
  contents: (home) =>
    contentsOf(join(home, 'archive', 'replays', 'smoke-seed1'), (path) => /\.(npy|pty|safetensors)$/.test(path)),
}
