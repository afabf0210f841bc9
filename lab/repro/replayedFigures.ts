import { attacksOf, FIGURE_NAMES, type FigureName } from '../../contract/index.js'
import { REPRO_ATTACKS } from './plan.js'

const swept: readonly string[] = REPRO_ATTACKS

/** Figures that a replay has all results for: those whose attacks it makes, and those of anything else. */
export const REPLAYED_FIGURES: readonly FigureName[] = FIGURE_NAMES.filter((figure) =>
  attacksOf(figure).every((attack) => swept.includes(attack)),
)
