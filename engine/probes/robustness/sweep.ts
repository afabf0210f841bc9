import { attackOf, targetOf, type AttackSpec } from '../../../contract/index.js'
import { adversarialImage, perturbationNorm } from '../../attacks/attackBatch.js'
import { attackLines } from '../../attacks/attackLines.js'
import { openAttack, openCertain, type AttackTools } from '../../attacks/index.js'
import { openLineNetwork, type LineNetwork } from '../../attacks/lineNetwork.js'
import type { OpenNoise } from '../../attacks/noiseSource.js'
import { multipliedOut, networkSizes, withPaddedRows } from '../../networks/frozenNetwork.js'
import type { Baseline, ProbeSubject } from './baseline.js'
import { batchOf, batchRows } from './batchRows.js'
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
  /** Where noise comes from; drawn in this thread when left out. */
  openNoise?: OpenNoise
  /** Where to go on; from the start when null. */
  state: SweepState | null
  /** `plain` computes every size of every image on its own, also on one line or where noise certainly does nothing; the reference, with the same results. */
  way?: 'plain' | 'quick'
}

/** From this number of sizes on, it is faster to find out first which of them noise can harm. */
const WORTH_A_BOUND = 6

export function freshState(images: number, sizes: number): SweepState {
  return {
    imagesDone: 0,
    sizesDone: 0,
    resisted: new Int32Array(sizes),
    firstFooled: new Int32Array(images).fill(-1),
    criticalNorm: new Float64Array(images).fill(NaN),
    zeroGradients: null,
  }
}

/** A whole batch along its lines; false where it must go the plain way. */
async function sweepBatchLines(
  options: SweepOptions,
  lines: LineNetwork,
  places: Int32Array,
  state: SweepState,
  tools: AttackTools,
): Promise<boolean> {
  const { subject, attack, baseline, epsilons, criticalOnly } = options
  const batch = batchOf(subject, baseline, places, tools)
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
    state.criticalNorm[place] = perturbationNorm(
      batch,
      adversarialImage(batch, end, epsilons[first] as number, true, row, tools.inputs),
      row,
    )
  })
  if (open.gradientSize !== null)
    state.zeroGradients = (state.zeroGradients ?? 0) + open.gradientSize.filter((size) => size === 0).length
  return true
}

/**
 * A batch size by size. Images that a size certainly leaves with their class are counted and not computed.
 *
 * @param certified - how many sizes, from the first on, leave each image with its class; null where nothing is known
 * @yields after every size
 */
async function* sweepBatch(
  options: SweepOptions,
  places: Int32Array,
  certified: Int32Array | null,
  state: SweepState,
  tools: AttackTools,
): AsyncGenerator<SweepState, void> {
  const { subject, baseline, attack, epsilons, batchSize, criticalOnly } = options
  const [start = 0] = places
  const certifiedSizes = (place: number): number => certified?.[place - start] ?? 0
  const all = [...places].sort((a, b) => certifiedSizes(a) - certifiedSizes(b))
  // What lies on one line is cheap, and its gradient is computed once.
  const rows = batchRows(
    { subject, baseline, attack, tools },
    all,
    batchSize,
    certified !== null || (criticalOnly && !attackOf(attack.kind).linePath),
  )
  let first = state.sizesDone === 0
  for (; state.sizesDone < epsilons.length;) {
    const index = state.sizesDone
    const left = criticalOnly ? all.filter((place) => (state.firstFooled[place] as number) < 0) : all
    if (left.length === 0) return
    const wanted = new Set(left.filter((place) => index >= certifiedSizes(place)))
    state.resisted[index] = (state.resisted[index] as number) + left.length - wanted.size
    if (wanted.size > 0) {
      const opened = await rows.open(
        [...wanted],
        left.filter((place) => !wanted.has(place)),
      )
      const { gradientSize } = opened.attack
      if (first && gradientSize !== null)
        state.zeroGradients =
          (state.zeroGradients ?? 0) + gradientSize.subarray(0, all.length).filter((size) => size === 0).length
      first = false
      const outcome = await opened.attack.attack({
        epsilon: epsilons[index] as number,
        index,
        ...(index + 1 < epsilons.length ? { next: { epsilon: epsilons[index + 1] as number, index: index + 1 } } : {}),
      })
      opened.places.forEach((place, row) => {
        if (!wanted.delete(place)) return
        if (outcome.fooled[row] === 0) state.resisted[index] = (state.resisted[index] as number) + 1
        else if ((state.firstFooled[place] as number) < 0) {
          state.firstFooled[place] = index
          state.criticalNorm[place] = outcome.norm(row)
        }
      })
    }
    state.sizesDone = index + 1
    yield state
  }
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
  const { subject, baseline, attack, epsilons, seed, batchSize } = options
  expectRising(epsilons)
  const network = withPaddedRows(multipliedOut(subject.network))
  const tools: AttackTools = {
    executor: subject.executor,
    network,
    inputs: networkSizes(network).inputs,
    entries: networkSizes(subject.network).inputs,
    targeted: targetOf(attack) !== null,
    seed,
    ...(options.openNoise === undefined ? {} : { openNoise: options.openNoise }),
  }
  const count = baseline.keptIndices.length
  const state = options.state ?? freshState(count, epsilons.length)
  const lines = attackOf(attack.kind).linePath && options.way !== 'plain' ? openLineNetwork(network) : null
  const certain = options.way !== 'plain' && epsilons.length >= WORTH_A_BOUND ? await openCertain(attack, tools) : null
  while (state.imagesDone < count) {
    const places = Int32Array.from(
      { length: Math.min(count - state.imagesDone, batchSize) },
      (_, index) => state.imagesDone + index,
    )
    const settled =
      lines !== null && state.sizesDone === 0 && (await sweepBatchLines(options, lines, places, state, tools))
    if (!settled)
      yield* sweepBatch(
        options,
        places,
        (await certain?.certified(batchOf(subject, baseline, places, tools), epsilons)) ?? null,
        state,
        tools,
      )
    state.imagesDone += places.length
    state.sizesDone = 0
    if (settled) yield state
  }
  return state
}
