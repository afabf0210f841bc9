import type { AttackSpec } from '../../contract/index.js'
import type { Executor } from '../executor/executor.js'
import type { FrozenNetwork } from '../networks/frozenNetwork.js'
import type { AttackSize } from './attackSize.js'
import type { OpenNoise } from './noiseSource.js'

export type { AttackSize }

/** Images under attack. */
export interface AttackBatch {
  /** B x d, normalised as the network learnt. */
  images: Float32Array
  /** Labels that the loss is taken of: the true ones, or those of the targets; B. */
  labels: Int32Array
  /** Numbers of the images in their split, B: random numbers are keyed by them, so no batch changes them. */
  numbers: Int32Array
  count: number
}

/** What an attack works with. */
export interface AttackTools {
  executor: Executor
  /** With G multiplied out (`multipliedOut`). */
  network: FrozenNetwork
  /** Entries of a row of images, at least those of an image; what is beyond is 0 and stays 0 (`withPaddedRows`). */
  inputs: number
  /** Entries of an image, which are the ones that noise is drawn for. */
  entries: number
  targeted: boolean
  seed: number
  /** Where noise comes from; drawn here when it is asked for, unless the host has another thread for it. */
  openNoise?: OpenNoise
}

/** Where an attack ends, before the base clamps: on the line x + ε · direction, or at images of its own; B x d. */
export type AttackEnd = { kind: 'line'; direction: Float32Array } | { kind: 'images'; images: Float32Array }

/** An attack opened on a batch: what does not depend on the size is computed once. */
export interface OpenAttack {
  /** Σ_i |g_i| at the images themselves, B; null for an attack without gradients. */
  readonly gradientSize: Float32Array | null
  end(size: AttackSize): Promise<AttackEnd>
}

/** How many perturbation sizes, from the first on, certainly leave each image with its class. */
export interface CertainSizes {
  /** @returns for each image of the batch; null where nothing is known */
  certified(batch: AttackBatch, epsilons: Float64Array): Promise<Int32Array | null>
}

/**
 * The mathematics of an attack; what it says of itself is its definition in `contract/attacks`. Ball, clamp and the test of success
 * belong to the base (`attackBatch.ts`).
 */
export interface AttackCode<Spec extends AttackSpec> {
  /** @throws LabError `probe.notANumber` when a gradient is not finite */
  open(batch: AttackBatch, spec: Spec, tools: AttackTools): Promise<OpenAttack>
  /** Finds sizes that need not be computed, where that is possible; null where it is not. */
  openCertain?(tools: AttackTools): Promise<CertainSizes | null>
}
