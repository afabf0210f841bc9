import { attackOf, optionWords, type RobustnessRequest } from '../../../contract/index.js'
import { generatedOptions, shellWord } from '../../form/commandLine.js'

/** Default values of `lab robustness`, which are omitted. */
const USUAL = { batchSize: 1000, level: 0.95, resamples: 1000 } as const

/** Whether seeds rise by one, which is how the command line counts them. */
const consecutive = (seeds: readonly number[]): boolean =>
  seeds.every((seed, index) => seed === (seeds[0] ?? 0) + index)

/** The same sweep as a command, with continued lines; null if the command line cannot express it. */
export function sweepCommand(request: RobustnessRequest): string | null {
  const {
    models,
    dataset,
    split,
    imageNorm,
    executor,
    images,
    attack,
    grid,
    seeds,
    criticalOnly,
    batchSize,
    level,
    resamples,
  } = request
  if (!consecutive(seeds) || dataset.imageLimit !== null) return null
  const option = (name: string, value: string | number | null, usual: string | number | null = null): string[] =>
    value === null || value === usual ? [] : [`--${name} ${shellWord(String(value))}`]
  const { settings, first } = attackOf(attack.kind)
  return [
    'lab robustness',
    ...models.map(({ model, label }) => `--model ${shellWord(`${label}=${model}`)}`),
    `--attack ${attack.kind}`,
    ...optionWords(settings, attack, first, shellWord),
    `--grid ${grid.from}:${grid.to}:${grid.count}${grid.spacing === 'lin' ? ':lin' : ''}`,
    ...option('dataset', dataset.kind, 'cifar10'),
    ...generatedOptions(dataset),
    ...option('split', split, 'test'),
    ...option('images', images),
    ...option('image-norm', imageNorm),
    ...option('executor', executor, 'auto'),
    ...option('seed', seeds[0] ?? 0, 0),
    ...option('seeds', seeds.length, 1),
    ...(criticalOnly ? ['--critical-only'] : []),
    ...option('batch', batchSize, USUAL.batchSize),
    ...option('level', level, USUAL.level),
    ...option('resamples', resamples, USUAL.resamples),
  ].join(' \\\n  ')
}
