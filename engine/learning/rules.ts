import { fkhl3Step, type LayerStepInput, type LayerStepOutput, type RuleParameters } from './fkhl3.js'
import { khl3Step } from './khl3.js'
import type { LayerProgramOptions } from './layerProgram.js'

/** Every local learning rule as a pure step. */
export const RULES = { fkhl3: fkhl3Step, khl3: khl3Step } as const satisfies Record<
  LayerProgramOptions['rule'],
  (input: LayerStepInput, parameters: RuleParameters) => LayerStepOutput
>
