/** The models of the paper in its order, by the names of its legends; figures know their colours and other names. */
export const PAPER_MODELS = ['KH', 'BP', 'L2', 'JReg', 'SpecReg'] as const

/** Names of the original's model files, without ending, with the labels that the paper gives them. */
const FILE_LABELS: Readonly<Record<string, string>> = {
  khmodel_cifar10: 'KH',
  fkhl3_cifar10: 'KH',
  shlp_init: 'Initialized',
  shlp_cifar10: 'BP',
  shlp_l2: 'L2',
  shlp_jreg: 'JReg',
  shlp_specreg: 'SpecReg',
}
const RUN_LABEL = /^(?:Replay, \w+: )?(KH|BP|L2|JReg|SpecReg|Initialized)(?=$|,| layer\b| \d+$)/

/**
 * The paper's label of a model, derived from its name.
 *
 * @param name - of a preset (`BP, CIFAR-10`), of a replay's run (`Replay, demo: BP`) or of a file of the original (`shlp_l2`)
 * @returns null for a model that the paper does not have
 */
export function paperLabelOf(name: string): string | null {
  return FILE_LABELS[name.toLowerCase().replace(/_pruned$/, '')] ?? RUN_LABEL.exec(name)?.[1] ?? null
}
