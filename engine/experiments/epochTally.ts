import type { LayerStepResult } from '../learning/layerProgram.js'

/** What is summed up over the steps of one epoch; plain numbers, so that a checkpoint can hold it. */
export interface EpochTally {
  steps: number
  images: number
  winningOverlapSum: number
  absoluteChangeSum: number
  largestChange: number
  /** Wins of every unit, H. */
  wins: number[]
}

export const emptyTally = (hiddenUnits: number): EpochTally => ({
  steps: 0,
  images: 0,
  winningOverlapSum: 0,
  absoluteChangeSum: 0,
  largestChange: 0,
  wins: new Array<number>(hiddenUnits).fill(0),
})

/** Adds one step, in place: an epoch has hundreds, and each tally belongs to one epoch alone. */
export function addStep(tally: EpochTally, result: LayerStepResult): void {
  tally.steps += 1
  tally.images += result.winners.length
  tally.winningOverlapSum += result.winningOverlapSum
  tally.absoluteChangeSum += result.absoluteChangeSum
  tally.largestChange = Math.max(tally.largestChange, result.largestChange)
  for (const winner of result.winners) tally.wins[winner] = (tally.wins[winner] ?? 0) + 1
}

/** Reads a tally back from a checkpoint; null when it is none. */
export function tallyFrom(value: unknown, hiddenUnits: number): EpochTally | null {
  if (typeof value !== 'object' || value === null) return null
  const { steps, images, winningOverlapSum, absoluteChangeSum, largestChange, wins } = value as Partial<
    Record<keyof EpochTally, unknown>
  >
  if (
    ![steps, images, winningOverlapSum, absoluteChangeSum, largestChange].every((entry) => typeof entry === 'number') ||
    !Array.isArray(wins) ||
    wins.length !== hiddenUnits
  )
    return null
  return value as EpochTally
}
