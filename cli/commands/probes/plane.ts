import type { Command } from 'commander'
import {
  attackOfMethod,
  groupAgreement,
  LabError,
  type GroupAgreement,
  type PlaneRequest,
  type PlaneResult,
  type PlaneSpec,
  type ProbeModel,
} from '../../../contract/index.js'
import { asUserFile, readUserFile } from '../../../lab/files/userFile.js'
import { readNpy } from '../../../lab/formats/index.js'
import { runCommand } from '../../command.js'
import { tableText } from '../../output.js'
import { integer, integerList, numberPair, real } from '../options.js'
import { addAttackOptions, attackFrom, expectNoAttack } from './attackOptions.js'
import {
  addProbeOptions,
  expectOut,
  probeModels,
  probeRequest,
  withProgress,
  writeOut,
  type ProbeOptions,
} from './options.js'

interface PlaneOptions extends ProbeOptions {
  image?: number
  through?: number[]
  directions?: string
  adversarial?: number
  extent: number
  first?: [number, number]
  second?: [number, number]
  size: number
  faithful?: boolean
}

/** `FROM:TO`, such as `-2.2:4.2`; that it rises is checked with the request. */
const range = (value: string): [number, number] => numberPair(value, 'FROM:TO, such as -2.2:4.2')

/** Two directions of 100 million entries each, in float64. */
const LARGEST_DIRECTIONS = 2 ** 31

/** Two directions of a NumPy file, 2 x d. @throws LabError `file.unreadable`, `file.invalid`, `shape.mismatch` */
async function directionsOf(path: string): Promise<{ u: Float32Array; v: Float32Array }> {
  const { bytes } = await readUserFile(path, LARGEST_DIRECTIONS)
  const { data, shape } = asUserFile(path, () => readNpy(bytes))
  const [rows = 0, ...rest] = shape
  const size = rest.reduce((product, length) => product * length, 1)
  if (rows !== 2 || size < 2)
    throw new LabError('shape.mismatch', `expected two directions (2 x d) in ${path}, got ${shape.join(' x ')}`)
  return { u: Float32Array.from(data.subarray(0, size)), v: Float32Array.from(data.subarray(size)) }
}

async function planeOf(options: PlaneOptions, models: readonly ProbeModel[]): Promise<PlaneSpec> {
  if (options.adversarial === undefined) expectNoAttack(options, 'options of an attack need --adversarial SIZE')
  if (options.through !== undefined) {
    const images = options.through
    if (images.length !== 3) throw new LabError('usage', `expected three images in --through, got ${images.length}`)
    return { kind: 'images', images: images as [number, number, number] }
  }
  const { image, seed } = options
  if (image === undefined) throw new LabError('usage', 'expected --image NUMBER, or --through A,B,C')
  if (options.directions !== undefined)
    return { kind: 'directions', image, ...(await directionsOf(options.directions)) }
  if (options.adversarial === undefined) return { kind: 'random', image, seed }
  const [first] = models
  return {
    kind: 'adversarial',
    image,
    model: first?.model ?? '',
    attack: attackFrom(options, attackOfMethod('singleStep').kind),
    epsilon: options.adversarial,
    seed,
  }
}

const rowsOf = (values: ArrayLike<number>, size: number): number[][] =>
  Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_column, column) => values[row * size + column] as number),
  )

const groupsOf = ({ maps, agreement }: Pick<PlaneResult, 'maps' | 'agreement'>): GroupAgreement[] =>
  groupAgreement(
    maps.map(({ model }) => model),
    agreement,
  )

/** `BP, 3 seeds: 81.2 ± 4.0 % of the points agree, mean IoU 0.702 ± 0.051`. */
function groupLine({ a, b, seeds: [ofA, ofB], agreement, overlap }: GroupAgreement): string {
  const interval = (half: number | null, factor: number, digits: number): string =>
    half === null ? '' : ` ± ${(factor * half).toFixed(digits)}`
  const who =
    a === b
      ? `${a}, ${ofA} seeds`
      : ofA === 1 && ofB === 1
        ? `${a} and ${b}`
        : `${a}, ${ofA} ${ofA === 1 ? 'seed' : 'seeds'}, and ${b}, ${ofB}`
  return `${who}: ${(100 * agreement.mean).toFixed(1)}${interval(agreement.halfWidth, 100, 1)} % of the points agree, mean IoU ${overlap.mean.toFixed(3)}${interval(overlap.halfWidth, 1, 3)}`
}

/** Maps as rows along the second direction; those of one model at the top too. */
function documentOf({
  id,
  firstAxis,
  secondAxis,
  size,
  geometry,
  maps,
  agreement,
  origin,
}: PlaneResult): Record<string, unknown> {
  const models = maps.map(({ model, labels, confidence, jacobianNorm, jacobianRange, classShares }) => ({
    model,
    labels: rowsOf(labels, size),
    confidence: rowsOf(confidence, size),
    jacobianNorm: rowsOf(jacobianNorm, size),
    jacobianRange,
    classShares,
  }))
  return {
    id,
    axis: firstAxis,
    firstAxis,
    secondAxis,
    ...(models.length === 1 ? models[0] : {}),
    models,
    agreement,
    groups: groupsOf({ maps, agreement }),
    anchors: geometry.anchors,
    u: geometry.u,
    v: geometry.v,
    origin,
  }
}

/** `lab plane`. */
export function addPlaneCommand(program: Command, exit: (code: number) => void): void {
  const command = addProbeOptions(
    program.command('plane').description('map class regions, confidence and Jacobian norm on a plane through images'),
  )
    .option('--image <number>', 'image of the split at the origin of the plane', integer)
    .option('--through <images>', 'three images, A,B,C, that span the plane', integerList)
    .option('--directions <file>', 'NumPy file with two directions (2 x d); default: random directions from --seed')
    .option(
      '--adversarial <size>',
      'use the perturbation of this size ε that an attack finds against the first model as first direction',
      real,
    )
  addAttackOptions(command, 'attack of --adversarial')
    .option('--extent <length>', 'extent of the plane on each side, in the Euclidean norm', real, 20)
    .option('--first <range>', 'FROM:TO along the first direction instead of --extent, such as --first=-2.2:4.2', range)
    .option('--second <range>', 'FROM:TO along the second direction instead of --extent', range)
    .option('--size <points>', 'number of points along each direction', integer, 100)
    .option('--faithful', 'use the Jacobian of max(h, 0)^n for every network, as in the original')
    .action(async (options: PlaneOptions) => {
      exit(
        await runCommand(options, async (context) => {
          await expectOut(context, options)
          const reach: [number, number] = [-options.extent, options.extent]
          const models = await probeModels(context, options.model)
          const request: PlaneRequest = {
            models,
            ...probeRequest(options),
            plane: await planeOf(options, models),
            first: options.first ?? reach,
            second: options.second ?? reach,
            size: options.size,
            jacobian: options.faithful === true ? 'faithful' : 'corrected',
            ticket: null,
          }
          const result = await withProgress(context, 'plane.compute', () => context.lab.call('plane.compute', request))
          const names = result.geometry.classNames
          context.output.line(`${result.id}: ${result.size} x ${result.size} points`)
          context.output.line(
            tableText([
              ['model', '‖J‖ from', 'to', 'classes'],
              ...result.maps.map(({ model, jacobianRange, classShares }) => [
                model.label,
                jacobianRange[0].toPrecision(4),
                jacobianRange[1].toPrecision(4),
                Array.from(classShares)
                  .flatMap((share, index) =>
                    share < 0.005 ? [] : [`${names[index] ?? index} ${(100 * share).toFixed(0)} %`],
                  )
                  .join(', '),
              ]),
            ]),
          )
          for (const group of groupsOf(result)) context.output.line(groupLine(group))
          await writeOut(context, options.out, result)
          return documentOf(result)
        }),
      )
    })
}
