import type { AttackSpec } from '../../../contract/index.js'
import { adversarialImage, openBatchAttack, perturbationNorm, type BatchAttack } from '../../attacks/attackBatch.js'
import { attackLines } from '../../attacks/attackLines.js'
import { attackTraits, openAttack, type AttackBatch, type AttackTools } from '../../attacks/index.js'
import { openLineNetwork, type LineNetwork } from '../../attacks/lineNetwork.js'
import { multipliedOut, networkSizes } from '../../networks/frozenNetwork.js'
import { readImages, type Baseline, type ProbeSubject } from './baseline.js'
import { expectRising } from './sizes.js'

/** What a sweep has found so far; plain numbers, so that it can be stored and gone on with. K kept images, E sizes. */
export interface SweepState {
  /** Images whose batch is finished. */
  imagesDone: number
  /** Sizes that are finished in the batch after them. */
  sizesDone: number
  /** Images that the attack did not fool at exactly this size, E. */
  resisted: Int32Array
  /** Number of the first size that fooled the image, K; -1 where none has. */
  firstFooled: Int32Array
  /** ‖x_adv - x‖₂ at that size, K; NaN where none has. */
  criticalNorm: Float64Array
  /** Images whose gradient is zero; null for attacks without gradients. */
  zeroGradients: number | null
}

/** A sweep of one attack against one network. */
export interface SweepOptions {
  subject: ProbeSubject
  baseline: Baseline
  attack: AttackSpec
  /** Rising. */
  epsilons: Float64Array
  seed: number
  batchSize: number
  /** Leaves fooled images out from then on; `resisted` then counts images that no size has fooled yet. */
  criticalOnly: boolean
  /** Where to go on; from the start when null. */
  state: SweepState | null
  /** `plain` computes every size on its own, also where they lie on one line; the reference, with the same results. */
  way?: 'plain' | 'quick'
}

/** Images of a batch are dropped by halves, and no further than to this share of it, so that few shapes are compiled. */
const SMALLEST_SHARE = 1 / 16

export function freshState(images: number, sizes: number): SweepState {
  return { imagesDone: 0, sizesDone: 0, resisted: new Int32Array(sizes), firstFooled: new Int32Array(images).fill(-1), criticalNorm: new Float64Array(images).fill(NaN), zeroGradients: null }
}

/** Places 0 .. count-1 of a batch as an attack sees them. */
function batchOf(subject: ProbeSubject, { keptIndices, attackLabels }: Baseline, places: Int32Array): AttackBatch {
  const numbers = Int32Array.from(places, (place) => keptIndices[place] as number)
  return { images: readImages(subject, numbers), labels: Int32Array.from(places, (place) => attackLabels[place] as number), numbers, count: places.length }
}

/** Places padded to a half, a quarter … of the batch size by repeating the first. */
function paddedPlaces(places: readonly number[], batchSize: number): Int32Array {
  let size = batchSize
  while (size / 2 >= Math.max(places.length, batchSize * SMALLEST_SHARE)) size = Math.ceil(size / 2)
  return Int32Array.from({ length: Math.max(size, places.length) }, (_, index) => places[index] ?? (places[0] as number))
}

/** A whole batch along its lines; false where it must go the plain way. */
async function sweepBatchLines(options: SweepOptions, lines: LineNetwork, places: Int32Array, state: SweepState, tools: AttackTools): Promise<boolean> {
  const { subject, attack, baseline, epsilons, criticalOnly } = options
  const batch = batchOf(subject, baseline, places)
  const open = await openAttack(batch, attack, tools)
  const end = await open.end({ epsilon: 0, index: 0 })
  const fooled = end.kind === 'line' ? await attackLines(lines, batch, end.direction, epsilons, tools) : null
  if (fooled === null) return false
  const sizes = epsilons.length
  places.forEach((place, row) => {
    const first = fooled.subarray(row * sizes, (row + 1) * sizes).indexOf(1)
    for (let size = 0; size < sizes; size++) {
      const resists = criticalOnly ? first < 0 || size < first : fooled[row * sizes + size] === 0
      if (resists) state.resisted[size] = (state.resisted[size] as number) + 1
    }
    if (first < 0) return
    state.firstFooled[place] = first
    state.criticalNorm[place] = perturbationNorm(batch, adversarialImage(batch, end, epsilons[first] as number, true, row, tools.inputs), row)
  })
  if (open.gradientSize !== null) state.zeroGradients = (state.zeroGradients ?? 0) + open.gradientSize.filter((size) => size === 0).length
  return true
}

/**
 * Attacks every kept image with every size of the grid; for each image the first size that fools it is its critical one, and later
 * recovery is ignored.
 *
 * Random numbers are keyed by seed, size and image, and gradients come from the images themselves, so that neither batches nor
 * images left out nor an interruption change a number.
 *
 * @yields the state after every size of every batch; the same object each time
 * @throws LabError `probe.grid`, `probe.notANumber`
 *
 * Source: docs/SOURCES.md 6.
 */
export async function* robustnessSweep(options: SweepOptions): AsyncGenerator<SweepState, SweepState> {
  const { subject, baseline, attack, epsilons, seed, batchSize, criticalOnly } = options
  expectRising(epsilons)
  const network = multipliedOut(subject.network)
  const tools: AttackTools = { executor: subject.executor, network, inputs: networkSizes(network).inputs, targeted: attack.kind !== 'random' && attack.target !== null, seed }
  // What lies on one line is cheap, and its gradient is computed once.
  const shrinks = criticalOnly && !attackTraits(attack).straight
  const count = baseline.keptIndices.length
  const state = options.state ?? freshState(count, epsilons.length)
  const lines = attackTraits(attack).straight && options.way !== 'plain' ? openLineNetwork(network) : null
  while (state.imagesDone < count) {
    const end = Math.min(count, state.imagesDone + batchSize)
    const all = Array.from({ length: end - state.imagesDone }, (_, index) => state.imagesDone + index)
    let places: Int32Array = Int32Array.from(all)
    let opened: BatchAttack | null = null
    if (lines !== null && state.sizesDone === 0 && (await sweepBatchLines(options, lines, places, state, tools))) {
      state.imagesDone = end
      yield state
      continue
    }
    for (; state.sizesDone < epsilons.length;) {
      const index = state.sizesDone
      const waiting = criticalOnly ? all.filter((place) => (state.firstFooled[place] as number) < 0) : all
      if (waiting.length === 0) state.sizesDone = epsilons.length
      else {
        const needed = shrinks ? paddedPlaces(waiting, batchSize) : places
        if (opened === null || needed.length < places.length) {
          const first: boolean = opened === null
          places = needed
          opened = await openBatchAttack(batchOf(subject, baseline, places), attack, tools)
          if (first && index === 0 && opened.gradientSize !== null) state.zeroGradients = (state.zeroGradients ?? 0) + opened.gradientSize.subarray(0, all.length).filter((size) => size === 0).length
        }
        const outcome = await opened.attack({ epsilon: epsilons[index] as number, index })
        const seen = new Set<number>()
        for (let row = 0; row < places.length; row++) {
          const place = places[row] as number
          if (seen.has(place) || (criticalOnly && (state.firstFooled[place] as number) >= 0)) continue
          seen.add(place)
          if (outcome.fooled[row] === 0) state.resisted[index] = (state.resisted[index] as number) + 1
          else if ((state.firstFooled[place] as number) < 0) {
            state.firstFooled[place] = index
            state.criticalNorm[place] = outcome.norm(row)
          }
        }
        state.sizesDone = index + 1
      }
      yield state
    }
    state.imagesDone = end
    state.sizesDone = 0
  }
  return state
}
