import type { RunEstimate } from '../../contract/index.js'
import { formatDuration } from './times.js'

/**
 * Estimated time of an experiment: `about 12 min`, or the range `4 min to 12 min` when the machine was busy during the measurement.
 *
 * @param runs - number of runs of the experiment, at least 1
 * @returns an empty text if the time is unknown
 */
export function estimateText({ seconds, idleSeconds }: Pick<RunEstimate, 'seconds' | 'idleSeconds'>, runs = 1): string {
  if (seconds === null) return ''
  const [least, most] = [formatDuration((idleSeconds ?? seconds) * runs), formatDuration(seconds * runs)]
  return least === most ? `about ${most}` : `${least} to ${most}`
}

/** A note for estimates that were measured beside other programs; empty for others. */
export const loadNote = ({ idleSeconds }: Pick<RunEstimate, 'idleSeconds'>): string =>
  idleSeconds === null ? '' : 'measured under load'
