/** Stages of section 9 in their order. */
export const REPRO_STAGES = ['layer', 'prune', 'train', 'robustness', 'spectra', 'plane', 'figures', 'report'] as const
export type ReproStage = (typeof REPRO_STAGES)[number]
