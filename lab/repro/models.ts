import type { ReproModel, ReproPlan } from './plan.js'

/** Stems of the files in `models/` (section 9); those of the plain perceptron and of models on the layer name the set. */
export function modelStem({ set }: Pick<ReproPlan, 'set'>, model: ReproModel): string {
  const stems = {
    KH: `khmodel_${set}_pruned`,
    BP: `shlp_${set}`,
    L2: 'shlp_l2',
    JReg: 'shlp_jreg',
    SpecReg: 'shlp_specreg',
    'SpecReg-KH': 'shlp_specreg_kh',
  } satisfies Record<ReproModel, string>
  return stems[model]
}

/** The model file of a model, below the root of the tree. */
export const modelPath = (plan: Pick<ReproPlan, 'set'>, model: ReproModel): string =>
  `models/${modelStem(plan, model)}.pty`

/** Its log; that of the hybrid leaves out that its layer was pruned. */
export const logPath = (plan: Pick<ReproPlan, 'set'>, model: ReproModel): string =>
  `models/${modelStem(plan, model).replace('_pruned', '')}_log.json`

/** The untrained perceptron. */
export const INITIAL_PATH = 'models/shlp_init.pty'
