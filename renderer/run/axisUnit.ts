import { METRICS, type MetricName } from '../../contract/index.js'

/** Measures that are fractions of something. */
const FRACTIONS: ReadonlySet<MetricName> = new Set<MetricName>([
  'convergedFraction',
  'neverWonFraction',
  'trainAccuracy',
  'testAccuracy',
])
/** Units that follow from how a measure is made. */
const UNITS: Partial<Record<MetricName, string>> = {
  loss: 'nat',
  learningRate: 'per step',
  trainAccuracy: 'fraction of images',
  testAccuracy: 'fraction of images',
  convergedFraction: 'fraction of units',
  neverWonFraction: 'fraction of units',
}

/** Whether a measure cannot exceed 1. */
export const isFraction = (name: MetricName): boolean => FRACTIONS.has(name)

/** The unit of an axis; empty for a dimensionless quantity with a symbol. */
export const axisUnit = (name: MetricName): string => METRICS[name].unit || (UNITS[name] ?? '')
