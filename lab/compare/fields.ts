import { imageShape, LabError } from '../../contract/index.js'
import { MOST_MATCHED_UNITS, type FieldMatch, type FieldMatchRequest } from '../../contract/compare/fieldMatch.js'
import type { LabContext } from '../context.js'
import { readLayer, type RunLayer } from '../models/runLayer.js'

const shapeText = (shape: readonly number[]): string => shape.join(' x ')

/** @throws LabError `value.range` */
function expectMatchable({ record, layer }: RunLayer): void {
  if (layer.hiddenUnits > MOST_MATCHED_UNITS)
    throw new LabError(
      'value.range',
      `expected a layer of at most ${MOST_MATCHED_UNITS} units, got ${record.name} (${record.id}) with ${layer.hiddenUnits}`,
      { run: record.id },
    )
}

/**
 * Matches the receptive fields of the layers of two runs.
 *
 * @throws LabError `shape.mismatch` for layers of different images, `run.missing`, `run.nothingToShow`, `value.range`, `cancelled`
 */
export async function comparedFields(
  context: LabContext,
  request: FieldMatchRequest,
  signal: AbortSignal,
): Promise<FieldMatch> {
  const [a, b] = await Promise.all([
    readLayer(context, request.a.run, request.a.form),
    readLayer(context, request.b.run, request.b.form),
  ])
  const [shape, other] = [imageShape(a.spec.dataset), imageShape(b.spec.dataset)]
  if (shapeText(shape) !== shapeText(other))
    throw new LabError(
      'shape.mismatch',
      `fields of ${shapeText(shape)} (${a.record.name}) cannot be matched with fields of ${shapeText(other)} (${b.record.name}); choose two layers that learnt images of the same size`,
      { a: request.a.run, b: request.b.run },
    )
  expectMatchable(a)
  expectMatchable(b)
  const startedMs = performance.now()
  const { constant, ...match } = await context.matcher.ask(
    'matchFields',
    { a: a.layer, b: b.layer, shape, null: request.null, seed: request.seed },
    { signal },
  )
  return {
    ...match,
    a: { units: a.layer.hiddenUnits, epoch: a.epoch, constant: constant[0] },
    b: { units: b.layer.hiddenUnits, epoch: b.epoch, constant: constant[1] },
    seconds: (performance.now() - startedMs) / 1000,
  }
}
