import {
  DATASETS,
  LabError,
  type PlaneAgreement,
  type PlaneGeometry,
  type PlaneMap,
  type PlaneSpec,
} from '../../../../contract/index.js'
import type { ImageSource } from '../../../../engine/datasets/imageSource.js'
import type { Executor } from '../../../../engine/executor/executor.js'
import { axisOf, openPlane, planeGrid, type OpenPlane } from '../../../../engine/probes/plane/decisionPlane.js'
import { layPlane, type Plane } from '../../../../engine/probes/plane/geometry.js'
import { classShares, regionAgreement } from '../../../../engine/probes/plane/regions.js'
import type { PlaneLevel, ProbeSubjectInput } from '../../probeJobs.js'
import type { JobFunction } from '../job.js'
import { classifierOf, displayImages, openProbe, subjectOf } from './subject.js'

/** p of the images of a plane: all models must agree on it. @throws LabError `value.range` */
export function planeNorm(subjects: readonly ProbeSubjectInput[]): number {
  const norms = [...new Set(subjects.map(({ model }) => model.imageNorm))]
  const [norm = 3] = norms
  if (norms.length > 1)
    throw new LabError(
      'value.range',
      `the models were trained with different image norms (p = ${norms.join(', ')}); choose one image norm for the plane`,
    )
  return norm
}

/** Lays the plane among the images of a set. */
export function layPlaneOf(
  spec: PlaneSpec,
  { source, executor }: { source: ImageSource; executor: Executor },
  subjects: readonly ProbeSubjectInput[],
  attacked: ProbeSubjectInput | null,
): Promise<Plane> {
  return layPlane(
    spec,
    { source, imageNorm: planeNorm(subjects) },
    attacked === null ? null : { network: classifierOf(attacked.record), executor },
  )
}

function geometryOf(
  { origin, u, v, anchors, pixelScale }: Plane,
  source: ImageSource,
  classNames: readonly string[],
): PlaneGeometry {
  return {
    shape: source.shape,
    classNames,
    origin,
    u,
    v,
    pixelScale,
    anchors: anchors.map(({ name, image, position }) => ({
      name,
      image,
      position,
      label: source.labels[image] as number,
      pixels: displayImages(source, Int32Array.of(image)),
    })),
  }
}

async function mapOf(
  open: OpenPlane,
  model: PlaneMap['model'],
  [first, second]: readonly [Float64Array, Float64Array],
): Promise<PlaneMap> {
  const { labels, confidence, jacobianNorm, probabilities } = await planeGrid(open, first, second)
  const jacobianRange = [
    jacobianNorm.reduce((low, value) => Math.min(low, value), Infinity),
    jacobianNorm.reduce((high, value) => Math.max(high, value), 0),
  ] as const
  return {
    model,
    labels,
    confidence,
    jacobianNorm,
    probabilities,
    jacobianRange,
    classShares: classShares(labels, open.classes),
  }
}

const agreementOf = (maps: readonly PlaneMap[]): PlaneAgreement[] =>
  maps.flatMap((a, index) =>
    maps.slice(index + 1).map((b): PlaneAgreement => ({
      a: a.model.label,
      b: b.model.label,
      ...regionAgreement(a.labels, b.labels, Math.max(a.classShares.length, b.classShares.length)),
    })),
  )

/** The coarsest map; each next one doubles its points along a direction. */
const COARSEST = 25

/** Finenesses on the way to a size, the last one itself. */
const levels = (size: number, coarse: boolean): number[] => {
  const sizes: number[] = []
  if (coarse) for (let next = COARSEST; next < size; next *= 2) sizes.push(next)
  return [...sizes, size]
}

/** Class regions, confidence and Jacobian norm of models over a plane; with a ticket coarse ones are reported first. */
export const computePlane: JobFunction<'plane'> = async (
  { request, subjects, attacked, places },
  { resources, requested, report },
) => {
  const opened = await openProbe(resources, request, places)
  const plane = await layPlaneOf(request.plane, opened, subjects, attacked)
  const geometry = geometryOf(plane, opened.source, DATASETS[request.dataset.kind].classNames)
  const open = subjects.map((subject) => ({
    model: subject.model,
    plane: openPlane(subjectOf(subject, opened, request.dataset).network, plane, opened.executor, request.jacobian),
  }))
  const levelOf = async (size: number): Promise<PlaneLevel> => {
    const axes = [axisOf(request.first, size), axisOf(request.second, size)] as const
    const maps: PlaneMap[] = []
    for (const each of open) {
      if (requested() !== 'run') throw new LabError('cancelled', 'the plane was cancelled')
      maps.push(await mapOf(each.plane, each.model, axes))
      report({ done: maps.length * size * size, total: open.length * size * size })
    }
    return { size, firstAxis: axes[0], secondAxis: axes[1], geometry, maps, agreement: agreementOf(maps) }
  }
  const sizes = levels(request.size, request.ticket !== null)
  for (const size of sizes.slice(0, -1)) report({ coarse: await levelOf(size), computed: opened.computed })
  return { ...(await levelOf(request.size)), computed: opened.computed }
}
