import { LabError } from '../../../contract/index.js'
import { COSINE_BINS, type FieldMatch, type NullKind } from '../../../contract/compare/fieldMatch.js'
import { linearAssignment } from '../../linalg/assignment.js'
import { multiply64 } from '../../linalg/multiply.js'
import { quantileOfSorted } from '../../linalg/statistics.js'
import { nullFields } from './nullFields.js'
import { unitRows, type UnitRows } from './unitRows.js'

/** A layer whose fields are matched: units x inputs, row by row. */
export interface MatchedLayer {
  data: Float32Array
  hiddenUnits: number
  inputSize: number
}

/** What a match is made with. */
export interface MatchSettings {
  shape: readonly [height: number, width: number, channels: number]
  kind: NullKind
  seed: number
  /** Called between steps; it throws to end the computation. */
  expectWanted?: () => void
}

interface Pairs {
  /** Rows of A and B of each pair, by falling cosine. */
  pairs: { a: number; b: number; cosine: number }[]
  cosines: Float64Array
}

/** Matches the rows of two layers so that the sum of their cosines is largest. */
function bestPairs(a: UnitRows, rowsOfB: Float64Array, unitsOfB: number, expectWanted: () => void): Pairs {
  const [rows, columns] = [a.units.length, unitsOfB]
  const cosines = multiply64(a.rows, rowsOfB, { rows, inner: a.inputs, columns, transposeB: true })
  expectWanted()
  const columnOf = linearAssignment({ costs: cosines.map((cosine) => -cosine), rows, columns }, expectWanted)
  const pairs = [...columnOf].flatMap((b, row) =>
    // Rounding must not lead out of the range of a cosine.
    b < 0 ? [] : [{ a: row, b, cosine: Math.max(-1, Math.min(1, cosines[row * columns + b] as number)) }],
  )
  return { pairs: pairs.sort((one, other) => other.cosine - one.cosine), cosines }
}

/** Counts cosines in equal bins from -1 to 1. */
function cosineCounts(cosines: Float64Array): Float64Array {
  const counts = new Float64Array(COSINE_BINS)
  for (const cosine of cosines) {
    const bin = Math.max(0, Math.min(COSINE_BINS - 1, Math.floor(((cosine + 1) / 2) * COSINE_BINS)))
    counts[bin] = (counts[bin] as number) + 1
  }
  return counts
}

const others = (units: number, matched: ReadonlySet<number>): Int32Array =>
  Int32Array.from(Array.from({ length: units }, (_, unit) => unit).filter((unit) => !matched.has(unit)))

/**
 * Matches the receptive fields of two layers one to one, and those of the first with a null of the second.
 *
 * Cosines of smooth fields are high by themselves, and the best of many matches is higher still: only matches above those of the null
 * say that two layers learnt the same.
 *
 * @throws LabError `shape.mismatch` for fields of different or of single-pixel images, `run.nothingToShow` without fields that vary
 */
export function matchFields(
  a: MatchedLayer,
  b: MatchedLayer,
  { shape, kind, seed, expectWanted = () => undefined }: MatchSettings,
): Omit<FieldMatch, 'a' | 'b' | 'seconds'> & { constant: [ofA: number, ofB: number] } {
  const inputs = shape[0] * shape[1] * shape[2]
  if (a.inputSize !== b.inputSize || a.inputSize !== inputs)
    throw new LabError(
      'shape.mismatch',
      `expected two layers with ${inputs} inputs (${shape.join(' x ')}), got ${a.inputSize} and ${b.inputSize}`,
    )
  if (shape[0] * shape[1] < 2)
    throw new LabError('shape.mismatch', `expected images of at least two pixels, got ${shape.join(' x ')}`)
  const [ofA, ofB] = [unitRows(a.data, a.hiddenUnits, inputs), unitRows(b.data, b.hiddenUnits, inputs)]
  if (ofA.units.length === 0 || ofB.units.length === 0)
    throw new LabError(
      'run.nothingToShow',
      'all receptive fields of a layer are constant, so their forms cannot be compared',
    )
  const { pairs, cosines } = bestPairs(ofA, ofB.rows, ofB.units.length, expectWanted)
  const chance = bestPairs(ofA, nullFields(ofB, kind, shape, seed), ofB.units.length, expectWanted)
  const nullCosines = Float64Array.from(chance.pairs, ({ cosine }) => cosine)
  const limit = quantileOfSorted(Float64Array.from(nullCosines).sort(), 0.95)
  const unitsOfA = Int32Array.from(pairs, ({ a: row }) => ofA.units[row] as number)
  const unitsOfB = Int32Array.from(pairs, ({ b: row }) => ofB.units[row] as number)
  return {
    shape,
    unitsOfA,
    unitsOfB,
    cosines: Float64Array.from(pairs, ({ cosine }) => cosine),
    unmatchedOfA: others(a.hiddenUnits, new Set(unitsOfA)),
    unmatchedOfB: others(b.hiddenUnits, new Set(unitsOfB)),
    nullCosines,
    allPairs: cosineCounts(cosines),
    aboveNull: pairs.filter(({ cosine }) => cosine > limit).length,
    constant: [a.hiddenUnits - ofA.units.length, b.hiddenUnits - ofB.units.length],
  }
}
