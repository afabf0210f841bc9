import { MOST_SHOWN_UNITS, type FigureA1Data, type PreflightFinding } from '../contract/index.js'

/** The published mosaic shows units 761 to 776: y0 + Kx x0 with y0 = 1, Kx = 4, x0 = 190. */
const FIRST_FIELD = 1 + 4 * 190
const LAST_FIELD = FIRST_FIELD + MOST_SHOWN_UNITS - 1

const isPublished = (hiddenUnits: number): boolean => hiddenUnits > LAST_FIELD

/** Evenly spread entries of a list, the first one among them. */
const spread = (units: readonly number[], count: number): number[] =>
  Array.from({ length: count }, (_, index) => units[Math.floor((index * units.length) / count)] ?? 0)

/** Units whose pruned weights are all zero. */
function removedUnits({ hiddenUnits, units, prunedWeights }: FigureA1Data): number[] {
  if (units !== null) return []
  const size = prunedWeights.length / hiddenUnits
  return Array.from({ length: hiddenUnits }, (_, unit) => unit).filter((unit) =>
    prunedWeights.subarray(unit * size, (unit + 1) * size).every((weight) => weight === 0),
  )
}

/**
 * The units that the mosaics of Figure A1 show: the given ones, else the published ones, else sixteen spread evenly over the units that
 * were kept and those that were removed, in proportion, but at least one of either.
 */
export function shownUnits(data: FigureA1Data): { units: number[]; removed: number } {
  const { hiddenUnits, units, shownUnits: given } = data
  if (given !== undefined) return { units: [...given], removed: 0 }
  if (units !== null) return { units: [...units].slice(0, MOST_SHOWN_UNITS), removed: 0 }
  if (isPublished(hiddenUnits))
    return { units: Array.from({ length: MOST_SHOWN_UNITS }, (_, index) => FIRST_FIELD + index), removed: 0 }
  const removed = removedUnits(data)
  const kept = Array.from({ length: hiddenUnits }, (_, unit) => unit).filter((unit) => !removed.includes(unit))
  const count = Math.min(MOST_SHOWN_UNITS, hiddenUnits)
  const inProportion = Math.max(removed.length > 0 ? 1 : 0, Math.round((count * removed.length) / hiddenUnits))
  const ofRemoved = Math.max(count - kept.length, Math.min(inProportion, kept.length > 0 ? count - 1 : count))
  return {
    units: [...spread(kept, count - ofRemoved), ...spread(removed, ofRemoved)].sort((a, b) => a - b),
    removed: ofRemoved,
  }
}

/** Which units the mosaics show, where they are not the paper's. */
export function shownFinding(data: FigureA1Data): PreflightFinding[] {
  const { units, removed } = shownUnits(data)
  const isPaper = units.length === MOST_SHOWN_UNITS && units.every((unit, index) => unit === FIRST_FIELD + index)
  if (isPaper) return []
  const chosen = data.shownUnits !== undefined || data.units !== null
  const spreadOver =
    removed > 0
      ? `${units.length - removed} units that were kept and ${removed} that ${removed === 1 ? 'was' : 'were'} removed`
      : `${units.length} units`
  return [
    {
      level: 'advice',
      text: 'The mosaics show other units than the paper',
      detail: chosen
        ? `They show the units ${units.join(', ')}.`
        : `This layer has no units ${FIRST_FIELD} to ${LAST_FIELD}; ${spreadOver} are shown instead, spread evenly: ${units.join(', ')}.`,
      value: `${units.length} of ${data.hiddenUnits} units`,
    },
  ]
}

/** The data with the weights of the shown units only: what the figure plots. */
export function plottedA1(data: FigureA1Data): FigureA1Data {
  if (data.units !== null) return data
  const { units } = shownUnits(data)
  const size = data.rawWeights.length / data.hiddenUnits
  const pick = (weights: Float32Array): Float32Array => {
    const picked = new Float32Array(units.length * size)
    units.forEach((unit, place) => picked.set(weights.subarray(unit * size, (unit + 1) * size), place * size))
    return picked
  }
  return {
    ...data,
    units,
    shownUnits: units,
    rawWeights: pick(data.rawWeights),
    prunedWeights: pick(data.prunedWeights),
  }
}
