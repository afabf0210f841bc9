import {
  attackWarnings,
  DATASETS,
  distinctPasses,
  LabError,
  withoutModelEnding,
  type ProbedModel,
  type ResultName,
  type ResultOrigin,
  type RunRecord,
} from '../../contract/index.js'
import type { LabContext } from '../context.js'
import { hashOf } from '../files/hash.js'
import { findResults, type Nameable } from './findResults.js'
import type { NamedSpectrum, PlaneResultOf, SweepResult } from './results.js'

/** Labels that a result was measured with, one of which `label` replaces. */
function relabelled<Value extends { label: string }>(
  values: readonly Value[],
  id: string,
  label: string | null,
): Value[] {
  if (label === null) return [...values]
  const own = [...new Set(values.map((value) => value.label))]
  if (own.length !== 1)
    throw new LabError(
      'figure.results',
      `${id} contains ${own.length} models (${own.join(', ')}), so it cannot be labelled ${label}`,
    )
  return values.map((value) => ({ ...value, label }))
}

const modelsOf = (models: readonly ProbedModel[]): ResultOrigin['models'] =>
  models.map(({ label, model, hash }) => ({ label, model, sha256: hash }))

/** How a model is called: a run by its name too. */
const namesOf = (runs: readonly RunRecord[], model: string): string[] => [
  model,
  ...runs.filter(({ id }) => id === model).map(({ name }) => name),
]
/** What a figure prints for a model without a label: the name of its run, or of its file without the ending. */
const labelOf = (runs: readonly RunRecord[], model: string): string =>
  withoutModelEnding((namesOf(runs, model).at(-1) ?? model).replace(/^.*[/\\]/, ''))

/** A result of an exact id needs no list, which would read every other one too. */
async function known<Result extends { id: string }>(
  store: { find(id: string): Promise<Result | null>; list(): Promise<Result[]> },
  { name }: ResultName,
  what: string,
  nameable: (result: Result) => Omit<Nameable, 'id'>,
): Promise<Result[]> {
  const exact = await store.find(name)
  return exact === null
    ? findResults(
        (await store.list()).map((result) => ({ id: result.id, ...nameable(result), result })),
        name,
        what,
      ).map(({ result }) => result)
    : [exact]
}

/**
 * A sweep that is finished, with the accuracy of the last epoch where its models are runs that learnt on the sweep's dataset (section 8.7).
 *
 * @throws LabError `probe.missing`, `figure.results`
 */
export async function readSweep(
  { analysis, archive, sweeps }: LabContext,
  runs: readonly RunRecord[],
  { name, label }: ResultName,
  signal: AbortSignal,
): Promise<SweepResult> {
  const entries = sweeps.list().map((record) => ({
    id: record.id,
    names: [record.request.name],
    words: `${record.request.attack.kind} sweep of ${[...new Set(record.models.map((model) => model.label))].join(', ')}`,
    part: '',
    record,
  }))
  const [found] = findResults(entries, name, 'sweep')
  if (found === undefined) throw new LabError('internal', `${name} no longer exists`)
  const {
    id,
    record: { request, state, done, total, createdAt, datasetHashes },
  } = found
  if (state !== 'finished')
    throw new LabError(
      'figure.results',
      `${id} is ${state}, ${Math.floor((100 * done) / Math.max(1, total))} % done; resume it with \`lab robustness --resume ${id}\``,
    )
  const measured = distinctPasses(await sweeps.passes(id))
  const { series } = await analysis.ask(
    'series',
    { id, request: { ...request, resamples: 0 }, passes: measured, others: {} },
    { signal },
  )
  const accuracyOf = async (model: string): Promise<number | null> => {
    const run = runs.find((one) => one.id === model)
    if (run === undefined || run.testAccuracy === null || request.split !== 'test') return null
    return hashOf((await archive.read(run.id)).spec.dataset) === hashOf(request.dataset) ? run.testAccuracy : null
  }
  const withAccuracy = await Promise.all(
    series.map(async (line) => {
      const last = (await Promise.all(line.models.map(({ model }) => accuracyOf(model)))).filter(
        (accuracy) => accuracy !== null,
      )
      return {
        ...line,
        testAccuracy:
          last.length === line.models.length
            ? last.reduce((sum, accuracy) => sum + accuracy, 0) / last.length
            : line.cleanAccuracy,
      }
    }),
  )
  const models = relabelled(found.record.models, id, label)
  return {
    origin: {
      id,
      kind: 'sweep',
      createdAt,
      models: modelsOf(models),
      seeds: request.seeds,
      datasetHashes,
      sha256: hashOf(
        measured.map(({ seed, epsilons, relativeAccuracy, criticalNorm, cleanAccuracy }) => ({
          seed,
          epsilons,
          relativeAccuracy,
          criticalNorm,
          cleanAccuracy,
        })),
      ),
    },
    attack: request.attack,
    warnings: attackWarnings(request.attack, request.grid),
    dataset: request.dataset,
    split: request.split,
    series: relabelled(withAccuracy, id, label),
    passes: measured.map(({ criticalNorm, model }) => ({ criticalNorm, model: { label: label ?? model.label } })),
  }
}

async function fitsOf(
  analysis: LabContext['analysis'],
  question: { eigenvalues: Float64Array; window: readonly [number, number]; rank: number },
  signal: AbortSignal,
): Promise<Pick<NamedSpectrum, 'fit' | 'warnings'>> {
  const { fit, fitNote, warnings } = await analysis.ask('spectrumFits', question, { signal })
  return { fit, warnings: fitNote === null ? warnings : [`No fit is available: ${fitNote}.`] }
}

/**
 * Spectra of a name: one, or the pair over data and noise.
 *
 * @param windows - ranks of the fits; null keeps those that were measured
 * @throws LabError `probe.missing`
 */
export async function readSpectra(
  { analysis, spectra }: LabContext,
  runs: readonly RunRecord[],
  asked: ResultName,
  windows: { dataset: readonly [number, number]; noise: readonly [number, number] } | null,
  signal: AbortSignal,
): Promise<NamedSpectrum[]> {
  const found = await known(spectra, asked, 'spectrum', ({ request: { model, source, dataset } }) => ({
    names: model === null ? ['Dataset'] : namesOf(runs, model),
    words: `${source} of ${model === null ? 'raw data' : labelOf(runs, model)}, ${DATASETS[dataset.kind].label}`,
    part: dataset.kind === 'gaussianNoise' ? 'noise' : 'dataset',
  }))
  return Promise.all(
    found.map(
      async ({ id, origin, request, model, growing, eigenvalues, rank, fit, warnings }): Promise<NamedSpectrum> => {
        const window = windows?.[request.dataset.kind === 'gaussianNoise' ? 'noise' : 'dataset']
        const label = asked.label ?? (request.model === null ? 'Dataset' : labelOf(runs, request.model))
        return {
          origin: {
            id,
            kind: 'spectrum',
            createdAt: origin.createdAt,
            sha256: hashOf(growing),
            models: model === null ? [] : modelsOf([{ ...model, label }]),
            seeds: [request.seed],
            datasetHashes: origin.datasetHashes,
          },
          label,
          layer: request.source,
          dataset: request.dataset,
          growing,
          ...(window === undefined ? { fit, warnings } : await fitsOf(analysis, { eigenvalues, window, rank }, signal)),
        }
      },
    ),
  )
}

/** @throws LabError `probe.missing`, `figure.results` */
export async function readPlane(
  { planes }: LabContext,
  runs: readonly RunRecord[],
  asked: ResultName,
): Promise<PlaneResultOf> {
  const [found] = await known(planes, asked, 'plane', ({ request, size }) => ({
    names:
      request.models.length === 1 ? request.models.flatMap(({ model, label }) => [...namesOf(runs, model), label]) : [],
    words: `${request.models.map(({ label }) => label).join(', ')}, ${size} points per side`,
    part: '',
  }))
  if (found === undefined) throw new LabError('internal', `${asked.name} no longer exists`)
  const { id, origin, request, firstAxis, secondAxis, geometry } = found
  const models = relabelled(
    found.maps.map(({ model }) => model),
    id,
    asked.label,
  )
  const maps = found.maps.map((map, index) => ({ ...map, model: models[index] ?? map.model }))
  return {
    origin: {
      id,
      kind: 'plane',
      createdAt: origin.createdAt,
      models: modelsOf(models),
      seeds: 'seed' in request.plane ? [request.plane.seed] : [],
      datasetHashes: origin.datasetHashes,
      sha256: hashOf({
        firstAxis,
        secondAxis,
        maps: maps.map(({ labels, confidence, jacobianNorm }) => ({ labels, confidence, jacobianNorm })),
      }),
    },
    firstAxis,
    secondAxis,
    geometry,
    maps,
    jacobian: request.jacobian,
  }
}
