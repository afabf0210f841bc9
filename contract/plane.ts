import { z } from 'zod'
import { classesFault } from './dataset.js'
import { field } from './field.js'
import { probeImages, probeModel, probeSeed, type ProbedModel, type ProbeOrigin } from './probe.js'
import { attackSpec, sizeFault } from './attacks/index.js'

const image = z.int().min(0).max(59_999)
const floats = z.custom<Float32Array>((value) => value instanceof Float32Array, { error: 'expected a Float32Array' })

/** How a plane is defined: x = x_A + ε û + ξ v̂ with orthonormal û and v̂ (section 7). */
export const planeSpec = z.discriminatedUnion('kind', [
  /** Two random directions through an image, as in the paper. */
  z.strictObject({ kind: z.literal('random'), image, seed: probeSeed }),
  /** Through three images: û points from A to B, v̂ towards C. */
  z.strictObject({ kind: z.literal('images'), images: z.tuple([image, image, image]) }),
  /** û is the perturbation that the attack finds against `model` at this size, v̂ is random. */
  z
    .strictObject({
      kind: z.literal('adversarial'),
      image,
      model: z.string().min(1),
      attack: attackSpec,
      epsilon: z.number().positive(),
      seed: probeSeed,
    })
    .superRefine(({ attack, epsilon }, context) => {
      const fault = sizeFault(attack, epsilon)
      if (fault !== null) context.addIssue({ code: 'custom', path: ['epsilon'], message: fault })
    }),
  /** Two given directions of d entries each, any length. */
  z.strictObject({ kind: z.literal('directions'), image, u: floats, v: floats }),
])
export type PlaneSpec = z.infer<typeof planeSpec>

const jacobian = field(z.enum(['corrected', 'faithful']), {
  label: 'Jacobian',
  help: 'Corrected: Jacobian of the network itself. Faithful: Jacobian of max(h, 0)^n for every network, as in the original. They differ only for tanh networks.',
  source: '7',
  choices: { corrected: 'corrected', faithful: 'faithful' },
})

/** Corners of the window on the plane, lengths in ‖Δx‖₂. */
const range = z
  .tuple([z.number(), z.number()])
  .refine(([from, to]) => to > from, { error: 'expected a range whose end is above its start' })

/** A map of classes, confidence and Jacobian norm over a plane. */
export const planeRequest = z
  .strictObject({
    models: z.array(probeModel).min(1).max(32),
    ...probeImages,
    plane: planeSpec,
    first: range,
    second: range,
    size: field(z.int().min(2).max(2000), {
      label: 'Grid',
      unit: 'points',
      help: 'Number of points along each direction.',
      source: '7',
    }),
    jacobian,
    /** With a ticket the lab first sends coarse maps as events `plane.coarse`, doubling the points from 25 up. */
    ticket: z.string().min(1).max(100).nullable(),
  })
  .superRefine(({ dataset, plane }, context) => {
    const unlabelled = plane.kind === 'adversarial' ? classesFault(dataset, 'adversarial direction') : null
    if (unlabelled !== null) context.addIssue({ code: 'custom', path: ['dataset', 'kind'], message: unlabelled })
  })
export type PlaneRequest = z.infer<typeof planeRequest>

/** `p-` and hexadecimal digits: `p-77b0a4c1`. The same request on the same models is read back. */
export type PlaneId = string

/** An image that lies in the plane. */
export interface PlaneAnchor {
  name: 'A' | 'B' | 'C'
  image: number
  label: number
  position: readonly [epsilon: number, xi: number]
  pixels: Uint8Array
}

/** The geometry of a plane; d entries of an image. The window computes the image under the pointer from it. */
export interface PlaneGeometry {
  shape: readonly [height: number, width: number, channels: number]
  classNames: readonly string[]
  /** x_A, normalised, d. */
  origin: Float32Array
  /** û and v̂, d each, of unit length and perpendicular. */
  u: Float32Array
  v: Float32Array
  /** Lp norm of image A before it was normalised: times it, an entry is a pixel value 0 to 255. */
  pixelScale: number
  anchors: PlaneAnchor[]
}

/** Maps of one model, size x size: row i is the i-th ξ (along v̂, ascending), column j the j-th ε (along û). */
export interface PlaneMap {
  model: ProbedModel
  labels: Uint8Array
  /** Largest softmax value. */
  confidence: Float32Array
  /** ‖∂a/∂x‖_F of the latent activations before batch norm. */
  jacobianNorm: Float32Array
  /** size x size x C. */
  probabilities: Float32Array
  jacobianRange: readonly [smallest: number, largest: number]
  /** Share of the points in each class, C. */
  classShares: Float64Array
}

/** Agreement of two models over the plane. */
export interface PlaneAgreement {
  a: string
  b: string
  /** Share of the points with the same class. */
  agreement: number
  /** |A ∩ B| / |A ∪ B| of the regions of each class, C; NaN where neither has the class. */
  intersectionOverUnion: Float64Array
  /** Mean over classes that either has. */
  meanIntersectionOverUnion: number
}

export interface PlaneResult {
  id: PlaneId
  origin: ProbeOrigin
  request: PlaneRequest
  size: number
  /** ε of the columns and ξ of the rows. */
  firstAxis: Float64Array
  secondAxis: Float64Array
  geometry: PlaneGeometry
  maps: PlaneMap[]
  agreement: PlaneAgreement[]
}

/** One point of a plane, for a click. */
export const planePointRequest = z.strictObject({
  models: z.array(probeModel).min(1).max(32),
  ...probeImages,
  plane: planeSpec,
  position: z.tuple([z.number(), z.number()]),
  jacobian,
  /** Points of the straight path from the image A to the point. */
  pathPoints: z.int().min(2).max(1000),
  /** How far the nearest other region is looked for, in ‖Δx‖₂. */
  reach: z.number().positive(),
})
export type PlanePointRequest = z.infer<typeof planePointRequest>

export interface PlanePoint {
  position: readonly [epsilon: number, xi: number]
  /** ‖Δx‖₂ from image A. */
  distance: number
  /** d entries, normalised scale, and as pixels 0 to 255. */
  image: Float32Array
  pixels: Uint8Array
  models: {
    model: ProbedModel
    class: number
    confidence: number
    jacobianNorm: number
    probabilities: Float32Array
    /** Nearest point of another class in the plane; null when none lies within reach. */
    boundary: { distance: number; class: number; position: readonly [epsilon: number, xi: number] } | null
    /** Softmax along the path from A, pathPoints x C. */
    path: Float32Array
  }[]
}

/** A plane in a list. */
export type PlaneSummary = Pick<PlaneResult, 'id' | 'origin' | 'request' | 'size'>
