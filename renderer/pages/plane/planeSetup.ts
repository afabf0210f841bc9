import {
  attackOf,
  attackOfMethod,
  DATASETS,
  NEWEST_SCENES,
  optionWords,
  wholeSetWith,
  type AttackSpec,
  type DatasetKind,
  type DatasetSpec,
  type DatasetSplit,
  type PlaneRequest,
  type PlaneSpec,
  type ProbeModel,
  type SceneGenerator,
} from '../../../contract/index.js'
import { generatedOptions, shellWord } from '../../form/commandLine.js'
import { windowAbout, type PlanePosition, type PlaneView } from './planeView.js'

/** Planes that can be set up on this page; planes with given directions come from the command line. */
export type PlaneKind = 'images' | 'random' | 'adversarial'
export const PLANE_KINDS = [
  { value: 'images', label: 'Three images', title: 'Through three images' },
  { value: 'random', label: 'Random', title: 'Two random directions through an image, as in the paper' },
  { value: 'adversarial', label: 'Adversarial', title: 'FGSM perturbation and a random direction' },
] as const satisfies readonly { value: PlaneKind; label: string; title: string }[]

/** Settings of the next plane. */
export interface PlaneSetup {
  models: readonly ProbeModel[]
  dataset: DatasetKind
  dataSeed: number
  /** Of scenes. */
  generator: SceneGenerator
  split: DatasetSplit
  /** Null takes the norm of each model. */
  imageNorm: number | null
  kind: PlaneKind
  /** A, B, C; planes of other kinds go through A. */
  images: readonly [number, number, number]
  seed: number
  /** Size of the adversarial perturbation that gives û. */
  epsilon: number
  /** Extent of each kind of plane on each side. */
  reach: Readonly<Record<PlaneKind, number>>
  size: number
  jacobian: 'corrected' | 'faithful'
}

export const FIRST_SETUP: PlaneSetup = {
  models: [],
  dataset: 'syntheticScenes',
  dataSeed: 1,
  generator: NEWEST_SCENES,
  split: 'test',
  imageNorm: null,
  kind: 'images',
  images: [0, 1, 2],
  seed: 0,
  epsilon: 0.02,
  reach: { images: 3.2, random: 20, adversarial: 3.2 },
  size: 200,
  jacobian: 'corrected',
}

/** The dataset of a plane's images. */
export const datasetOf = ({
  dataset,
  dataSeed,
  generator,
}: Pick<PlaneSetup, 'dataset' | 'dataSeed' | 'generator'>): DatasetSpec =>
  wholeSetWith(dataset, { dataSeed, generator })

/** How many images the split has. */
export const imageCount = ({ dataset, split }: Pick<PlaneSetup, 'dataset' | 'split'>): number =>
  split === 'test' ? DATASETS[dataset].testImages : DATASETS[dataset].trainImages

const USUAL_ATTACK = attackOfMethod('singleStep')

/** The words of an attack that are not the command's defaults. */
function attackWords(attack: AttackSpec): string[] {
  const { kind, settings, first } = attackOf(attack.kind)
  return [
    ...(kind === USUAL_ATTACK.kind ? [] : [`--attack ${kind}`]),
    ...optionWords(settings, attack, first, shellWord),
  ]
}

function specOf({ kind, images, seed, epsilon, models }: PlaneSetup): PlaneSpec {
  const [image] = images
  if (kind === 'images') return { kind, images: [...images] }
  if (kind === 'random') return { kind, image, seed }
  return { kind, image, model: models[0]?.model ?? '', attack: USUAL_ATTACK.first, epsilon, seed }
}

/** Two decimals are enough for the ends of a window, and readable in a command line. */
const rounded = ([from, to]: readonly [number, number]): [number, number] => {
  const digits = Math.max(2, 2 - Math.floor(Math.log10(to - from)))
  return [Number(from.toFixed(digits)), Number(to.toFixed(digits))]
}

/** The window of a new plane: the reach of its kind about its middle. */
export const firstWindow = ({ kind, reach }: PlaneSetup, middle: PlanePosition): PlaneView =>
  windowAbout(kind === 'images' ? middle : [0, 0], reach[kind])

/** The request for the lab. */
export function requestOf(setup: PlaneSetup, window: PlaneView, ticket: string | null): PlaneRequest {
  const { models, split, imageNorm, size, jacobian } = setup
  return {
    models: models.map((model) => ({ ...model })),
    dataset: datasetOf(setup),
    split,
    imageNorm,
    executor: 'auto',
    plane: specOf(setup),
    first: rounded(window.first),
    second: rounded(window.second),
    size,
    jacobian,
    ticket,
  }
}

/** The settings of a stored plane; null for one with given directions, which cannot be set up on this page. */
export function setupOf(request: PlaneRequest, before: PlaneSetup): PlaneSetup | null {
  const { plane, dataset, models, split, imageNorm, size, jacobian, first } = request
  if (plane.kind === 'directions') return null
  const [, b, c] = before.images
  return {
    ...before,
    models,
    dataset: dataset.kind,
    dataSeed: 'dataSeed' in dataset ? dataset.dataSeed : before.dataSeed,
    generator: dataset.kind === 'syntheticScenes' ? (dataset.generator ?? 1) : before.generator,
    split,
    imageNorm,
    size,
    jacobian,
    kind: plane.kind,
    reach: { ...before.reach, [plane.kind]: Number(((first[1] - first[0]) / 2).toPrecision(3)) },
    images: plane.kind === 'images' ? plane.images : [plane.image, b, c],
    ...('seed' in plane ? { seed: plane.seed } : {}),
    ...('epsilon' in plane ? { epsilon: plane.epsilon } : {}),
  }
}

/** Whether two requests ask for the same plane; windows may differ by the rounding of an image's place. */
export function samePlane(a: PlaneRequest, b: PlaneRequest): boolean {
  const rest = (request: PlaneRequest): string =>
    JSON.stringify({ ...request, ticket: null, executor: null, first: null, second: null })
  const tolerance = 0.02 * (a.first[1] - a.first[0])
  const near = (x: readonly number[], y: readonly number[]): boolean =>
    x.every((end, index) => Math.abs(end - (y[index] ?? NaN)) <= tolerance)
  return rest(a) === rest(b) && near(a.first, b.first) && near(a.second, b.second)
}

/** The same plane from a terminal; null for one of directions that are not in a file, or attacked through another model than the first. */
export function commandOf({
  models,
  dataset,
  split,
  imageNorm,
  plane,
  first,
  second,
  size,
  jacobian,
}: PlaneRequest): string | null {
  if (plane.kind === 'directions' || (plane.kind === 'adversarial' && plane.model !== models[0]?.model)) return null
  const named = models.map(
    ({ model, label }) => `--model ${shellWord(/[=/\\]/.test(label) ? model : `${label}=${model}`)}`,
  )
  const way = {
    images: () => `--through ${plane.kind === 'images' ? plane.images.join(',') : ''}`,
    random: () => `--image ${'image' in plane ? plane.image : 0}`,
    adversarial: () =>
      [
        '--image',
        'image' in plane ? plane.image : 0,
        '--adversarial',
        'epsilon' in plane ? plane.epsilon : 0,
        ...('attack' in plane ? attackWords(plane.attack) : []),
      ].join(' '),
  }[plane.kind]()
  const about = first[0] === -first[1] && second[0] === first[0] && second[1] === first[1]
  return [
    'lab plane',
    ...named,
    `--dataset ${dataset.kind}`,
    ...generatedOptions(dataset),
    ...(split === 'test' ? [] : [`--split ${split}`]),
    ...(imageNorm === null ? [] : [`--image-norm ${imageNorm}`]),
    way,
    ...('seed' in plane && plane.seed !== 0 ? [`--seed ${plane.seed}`] : []),
    ...(about ? [`--extent ${first[1]}`] : [`--first=${first.join(':')}`, `--second=${second.join(':')}`]),
    `--size ${size}`,
    ...(jacobian === 'faithful' ? ['--faithful'] : []),
  ].join(' ')
}

/** A plane in words: `test images 3, 17, 4`, `test image 3, random directions, seed 0`. */
export function planeWords({ plane, split }: Pick<PlaneRequest, 'plane' | 'split'>): string {
  const set = split === 'test' ? 'test' : 'training'
  switch (plane.kind) {
    case 'images':
      return `${set} images ${plane.images.join(', ')}`
    case 'random':
      return `${set} image ${plane.image}, random directions, seed ${plane.seed}`
    case 'adversarial':
      return `${set} image ${plane.image}, adversarial and random, seed ${plane.seed}`
    case 'directions':
      return `${set} image ${plane.image}, given directions`
  }
}

/** Meaning of û, shown next to ε. */
export const directionWords = ({ plane }: Pick<PlaneRequest, 'plane'>): string =>
  ({ images: 'towards B', random: 'along a random û', adversarial: 'along the perturbation', directions: 'along û' })[
    plane.kind
  ]
