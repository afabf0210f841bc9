import {
  attackWarnings,
  DATASETS,
  LabError,
  type GalleryRequest,
  type RobustnessPass,
  type RobustnessResult,
  type SweepRecord,
} from '../../contract/index.js'
import { threadFor } from '../compute/interactiveThread.js'
import type { AttackPasses } from '../compute/probeJobs.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { mapEach } from '../files/eachOf.js'
import { ifUseless } from '../files/missing.js'
import { probeSubjects } from '../probes/subjects.js'

const sameImages = (a: Pick<SweepRecord, 'dataset' | 'split'>, b: Pick<SweepRecord, 'dataset' | 'split'>): boolean =>
  JSON.stringify([a.dataset, a.split]) === JSON.stringify([b.dataset, b.split])

/** Robustness sweeps, their galleries, and cards of models. */
export function robustnessHandlers(
  context: LabContext,
): SomeHandlers<
  | 'robustness.run'
  | 'robustness.list'
  | 'robustness.get'
  | 'robustness.partialPass'
  | 'robustness.pause'
  | 'robustness.resume'
  | 'robustness.remove'
  | 'robustness.gallery'
  | 'robustness.card'
> {
  const { analysis, bus, cache, places, datasetStore, sweeps } = context

  /** Passes of the model with this hash in other finished sweeps on the same images. */
  const othersOf = async (
    hash: string,
    record: Pick<SweepRecord, 'dataset' | 'split'> & { id: string | null },
  ): Promise<(Omit<AttackPasses, 'sweep'> & { sweep: SweepRecord })[]> => {
    const alike = sweeps
      .list()
      .filter(
        (other) =>
          other.id !== record.id &&
          other.state === 'finished' &&
          sameImages(other, record) &&
          other.models.some((model) => model.hash === hash),
      )
    // A sweep whose files are damaged says so when it is opened; it does not hide this one.
    const read = await mapEach(
      alike,
      async (sweep) => ({
        sweep,
        attack: sweep.request.attack,
        passes: (await sweeps.passes(sweep.id).catch(ifUseless([]))).filter((pass) => pass.model.hash === hash),
      }),
      1,
    )
    return read.filter(({ passes }) => passes.length > 0)
  }
  /** @throws LabError `dataset.missing`; the sweep stays as it is */
  const expectDataset = async ({ dataset: { kind } }: Pick<SweepRecord, 'dataset'>): Promise<void> => {
    const status = await datasetStore.status(kind)
    if (status.state !== 'here')
      throw new LabError('dataset.missing', `${status.facts.label}: ${status.note}`, { dataset: kind })
  }
  const seriesOf = async (
    record: SweepRecord,
    passes: RobustnessPass[],
    signal: AbortSignal,
  ): Promise<Pick<RobustnessResult, 'series' | 'checks'>> => {
    const hashes = new Map(passes.map(({ model }) => [model.label, model.hash]))
    const others = Object.fromEntries(
      await mapEach(
        [...hashes],
        async ([label, hash]) =>
          [
            label,
            (await othersOf(hash, record)).map(({ sweep, attack, passes: own }) => ({
              sweep: sweep.id,
              attack,
              passes: own,
            })),
          ] as const,
        1,
      ),
    )
    return analysis.ask('series', { id: record.id, request: record.request, passes, others }, { signal })
  }
  const galleryRows = async (
    record: SweepRecord,
    labels: readonly string[],
  ): Promise<{ subject: Awaited<ReturnType<typeof probeSubjects>>[number]; pass: RobustnessPass }[]> => {
    const passes = await sweeps.passes(record.id)
    return Promise.all(
      labels.map(async (label) => {
        const pass = passes.find(({ model }) => model.label === label)
        if (pass === undefined)
          throw new LabError('run.nothingToShow', `${record.id} has no finished pass for ${label}`, {
            id: record.id,
            label,
          })
        const [subject] = await probeSubjects(context, [pass.model], pass.model.imageNorm)
        if (subject === undefined || subject.model.hash !== pass.model.hash)
          throw new LabError('probe.changed', `${pass.model.model} has changed since ${record.id} attacked it`, {
            model: pass.model.model,
          })
        return { subject, pass }
      }),
    )
  }
  return {
    'robustness.run': async (request) => {
      await expectDataset(request)
      return sweeps.submit(request)
    },
    'robustness.list': async () => sweeps.list(),
    'robustness.get': async ({ id }, { signal }) => {
      const record = sweeps.get(id)
      const passes = await sweeps.passes(id)
      return {
        record,
        warnings: record.warnings ?? attackWarnings(record.request.attack, record.request.grid),
        passes,
        ...(await seriesOf(record, passes, signal)),
      }
    },
    'robustness.partialPass': async ({ id }, { signal }) => {
      const found = await sweeps.partialPass(id)
      return found === null
        ? null
        : analysis.ask('partialPass', { request: sweeps.get(id).request, ...found }, { signal })
    },
    'robustness.pause': ({ id }) => sweeps.pause(id),
    'robustness.resume': async ({ id }) => {
      await expectDataset(sweeps.get(id).request)
      return sweeps.resume(id)
    },
    'robustness.remove': async ({ id }) => {
      await sweeps.remove(id)
      return null
    },
    'robustness.gallery': async ({ id, models, images, epsilon }: GalleryRequest, { signal }) => {
      const { request } = sweeps.get(id)
      const rows = await galleryRows(sweeps.get(id), models)
      const numbers = Int32Array.from(images)
      const made = await threadFor(context, request.executor).ask(
        'gallery',
        { request, rows, images: numbers, epsilon, places },
        {
          signal,
          onEvent: ({ done, total }) =>
            bus.emit('lab.progress', {
              topic: 'robustness.gallery',
              subject: id,
              done,
              total,
              unit: 'steps',
              text: `gallery of ${id}`,
            }),
        },
      )
      const { shape, classNames } = DATASETS[request.dataset.kind]
      return { shape, classNames, images: numbers, ...made }
    },
    'robustness.card': async ({ model, dataset, split, imageNorm, executor, images, seed }, { signal }) => {
      const [subject] = await probeSubjects(context, [{ model, label: model }], imageNorm)
      if (subject === undefined) throw new LabError('model.missing', `the model ${model} was not found`, { model })
      const masking = await threadFor(context, executor).ask(
        'masking',
        { subject, request: { dataset, split, executor, images, seed }, places, cache },
        {
          signal,
          onEvent: ({ done, total, note }) =>
            bus.emit('lab.progress', {
              topic: 'robustness.card',
              subject: model,
              done,
              total,
              unit: 'steps',
              text: `checks of ${model}${note === null ? '' : `; ${note}`}`,
            }),
        },
      )
      const attacks = await Promise.all(
        (await othersOf(subject.model.hash, { id: null, dataset, split })).map(async ({ sweep, attack, passes }) => {
          const {
            series: [series],
          } = await analysis.ask('series', { id: sweep.id, request: sweep.request, passes, others: {} }, { signal })
          return series === undefined
            ? []
            : [{ id: sweep.id, attack, warnings: attackWarnings(attack, sweep.request.grid), series }]
        }),
      )
      return {
        model: subject.model,
        dataset,
        split,
        images: masking.images,
        cleanAccuracy: masking.cleanAccuracy,
        attacks: attacks.flat(),
        checks: masking.checks,
        warnings: masking.checks
          .filter(({ passed }) => passed === false)
          .map(({ label, text }) => `Check failed: ${label}. ${text}`),
      }
    },
  }
}
