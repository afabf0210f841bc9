import {
  LabError,
  noiseOfShape,
  shapeOfEntries,
  twinFault,
  type PlaneResult,
  type PlaneSpec,
  type PlaneSummary,
  type ProbeModel,
  type ProbeOrigin,
  type SpectrumSummary,
} from '../../contract/index.js'
import { threadFor } from '../compute/interactiveThread.js'
import type { Computed, ProbeSubjectInput } from '../compute/probeJobs.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { ifUseless } from '../files/missing.js'
import { fitWindowOf } from '../probes/fitWindow.js'
import { probeSubjects, requestHash } from '../probes/subjects.js'

const newestFirst = <Summary extends { origin: ProbeOrigin }>(summaries: Summary[]): Summary[] =>
  summaries.sort((a, b) => (a.origin.createdAt < b.origin.createdAt ? 1 : -1))

/** Spectra of models and decision planes: computed once for a request and its models, then read back. */
export function probeHandlers(
  context: LabContext,
): SomeHandlers<
  | 'spectrum.ofModel'
  | 'spectrum.list'
  | 'spectrum.get'
  | 'spectrum.remove'
  | 'spectrum.fits'
  | 'spectrum.map'
  | 'plane.compute'
  | 'plane.list'
  | 'plane.get'
  | 'plane.remove'
  | 'plane.point'
> {
  const { analysis, bus, places, planes, spectra, versions } = context
  const origin = (
    request: Pick<ProbeOrigin, 'dataset' | 'split'>,
    { executor, datasetHashes }: Computed,
    startedMs: number,
  ): ProbeOrigin => ({
    version: 1,
    createdAt: new Date().toISOString(),
    seconds: (performance.now() - startedMs) / 1000,
    executor,
    versions,
    datasetHashes,
    dataset: request.dataset,
    split: request.split,
  })
  const attackedOf = async (plane: PlaneSpec, imageNorm: number | null): Promise<ProbeSubjectInput | null> => {
    if (plane.kind !== 'adversarial') return null
    return (
      (await probeSubjects(context, [{ model: plane.model, label: plane.model } satisfies ProbeModel], imageNorm))[0] ??
      null
    )
  }
  return {
    'spectrum.ofModel': async (asked, { signal }) => {
      const [subject = null] =
        asked.model === null || asked.source === 'data'
          ? []
          : await probeSubjects(context, [{ model: asked.model, label: asked.model }], asked.imageNorm)
      const request = { ...asked, window: [...(await fitWindowOf(context, asked, subject))] as [number, number] }
      const id = `s-${requestHash({ request, versions }, subject === null ? [] : [subject.model])}`
      const known = await spectra.find(id).catch(ifUseless(null))
      if (known !== null) return known
      const startedMs = performance.now()
      // Noise is of the size that the model sees, unless it was asked for in one.
      const dataset =
        subject === null || ('shape' in request.dataset && request.dataset.shape !== undefined)
          ? request.dataset
          : noiseOfShape(request.dataset, shapeOfEntries(subject.record.facts.inputSize))
      const { computed, ...measured } = await threadFor(context, request.executor).ask(
        'modelSpectrum',
        {
          request: { ...request, dataset },
          subject,
          imageNorm: subject?.model.imageNorm ?? request.imageNorm ?? 3,
          places,
        },
        {
          signal,
          onEvent: ({ done, total }) =>
            bus.emit('lab.progress', {
              topic: 'spectrum.ofModel',
              subject: id,
              done,
              total,
              unit: 'steps',
              text: `${request.source} of ${request.model ?? request.dataset.kind}`,
            }),
        },
      )
      const result = {
        id,
        origin: origin({ dataset, split: request.split }, computed, startedMs),
        request,
        model: subject?.model ?? null,
        ...measured,
      }
      await spectra.write(result)
      return result
    },
    'spectrum.list': async () =>
      newestFirst(
        (await spectra.list()).map(
          ({ id, origin: from, request, model, images, width, fit, participationRatio }): SpectrumSummary => ({
            id,
            origin: from,
            request,
            model,
            images,
            width,
            fit,
            participationRatio,
          }),
        ),
      ),
    'spectrum.get': ({ id }) => spectra.read(id),
    'spectrum.remove': async ({ id }) => {
      await spectra.remove(id)
      return null
    },
    'spectrum.fits': (question, { signal }) => analysis.ask('spectrumFits', question, { signal }),
    'spectrum.map': (question, { signal }) => analysis.ask('windowMap', question, { signal }),

    'plane.compute': async (asked, { signal }) => {
      const { ticket, ...rest } = asked
      const subjects = await probeSubjects(context, asked.models, asked.imageNorm)
      const twins = twinFault(subjects.map(({ model }) => model))
      if (twins !== null) throw new LabError('value.range', twins)
      const attacked = await attackedOf(asked.plane, asked.imageNorm)
      const id = `p-${requestHash(
        { request: rest, versions },
        [...subjects, ...(attacked === null ? [] : [attacked])].map(({ model }) => model),
      )}`
      const known = await planes.find(id).catch(ifUseless(null))
      if (known !== null) return known
      const startedMs = performance.now()
      const request = { ...asked, ticket: null }
      const finished = (level: Omit<PlaneResult, 'id' | 'origin' | 'request'>, computed: Computed): PlaneResult => ({
        id,
        origin: origin(asked, computed, startedMs),
        request,
        ...level,
      })
      const { computed, ...level } = await threadFor(context, asked.executor).ask(
        'plane',
        { request: asked, subjects, attacked, places },
        {
          signal,
          onEvent: (event) => {
            if (!('coarse' in event))
              return bus.emit('lab.progress', {
                topic: 'plane.compute',
                subject: id,
                ...event,
                unit: 'points',
                text: `plane of ${subjects.map(({ model }) => model.label).join(', ')}`,
              })
            if (ticket !== null) bus.emit('plane.coarse', { ticket, result: finished(event.coarse, event.computed) })
          },
        },
      )
      const result = finished(level, computed)
      await planes.write(result)
      return result
    },
    'plane.list': async () =>
      newestFirst(
        (await planes.list()).map(({ id, origin: from, request, size }): PlaneSummary => ({
          id,
          origin: from,
          request,
          size,
        })),
      ),
    'plane.get': ({ id }) => planes.read(id),
    'plane.remove': async ({ id }) => {
      await planes.remove(id)
      return null
    },
    'plane.point': async (request, { signal }) => {
      const subjects = await probeSubjects(context, request.models, request.imageNorm)
      if (subjects.length === 0) throw new LabError('model.missing', 'expected at least one model')
      return threadFor(context, request.executor).ask(
        'planePoint',
        { request, subjects, attacked: await attackedOf(request.plane, request.imageNorm), places },
        { signal },
      )
    },
  }
}
