import { SHOWN_MODELS, type ShownModel } from '../plan.js'
import type { RawRow } from './rows.js'

/** Ranges of the colour bars of Figure 4; the paper's plane is another one. */
const RANGES = {
  KH: [15, 28],
  BP: [79, 88],
  L2: [10, 13],
  JReg: [14, 16],
  SpecReg: [43, 46],
} as const satisfies Record<ShownModel, readonly [number, number]>

/** Smallest and largest Jacobian norm on the plane. */
export function planeRows(
  rangeOf: (model: ShownModel) => readonly [smallest: number, largest: number] | null,
): RawRow[] {
  return SHOWN_MODELS.flatMap((model) =>
    (['smallest', 'largest'] as const).map((end, index): RawRow => ({
      quantity: `${end} ‖J‖ on the plane`,
      model,
      published: RANGES[model][index] ?? NaN,
      ours: rangeOf(model)?.[index] ?? null,
      band: null,
      source: 'Figure 4',
    })),
  )
}
