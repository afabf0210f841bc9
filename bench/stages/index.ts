import { covariance } from './covariance.js'
import { eigenvalues } from './eigenvalues.js'
import { eigenvectors } from './eigenvectors.js'
import { evaluate } from './evaluate.js'
import { fgsmSweep } from './fgsmSweep.js'
import { gemm } from './gemm.js'
import { layerEpoch } from './layerEpoch.js'
import { layerStep } from './layerStep.js'
import { pgdStep } from './pgdStep.js'
import { plane } from './plane.js'
import { randomSweep } from './randomSweep.js'
import { spectra, spectrum } from './spectrum.js'
import type { Stage } from './stage.js'
import { trainStep } from './trainStep.js'
import { trainStepPenalties } from './trainStepPenalties.js'

export * from './stage.js'

/** Every stage, each with its peer in Python beside it: `file` names both. */
export const STAGES = {
  gemm: { file: 'gemm', stage: gemm },
  'layer-step': { file: 'layerStep', stage: layerStep },
  'layer-epoch': { file: 'layerEpoch', stage: layerEpoch },
  'train-step': { file: 'trainStep', stage: trainStep },
  'train-step-penalties': { file: 'trainStepPenalties', stage: trainStepPenalties },
  evaluate: { file: 'evaluate', stage: evaluate },
  'pgd-step': { file: 'pgdStep', stage: pgdStep },
  covariance: { file: 'covariance', stage: covariance },
  eigenvalues: { file: 'eigenvalues', stage: eigenvalues },
  eigenvectors: { file: 'eigenvectors', stage: eigenvectors },
  'fgsm-sweep': { file: 'fgsmSweep', stage: fgsmSweep },
  'random-sweep': { file: 'randomSweep', stage: randomSweep },
  plane: { file: 'plane', stage: plane },
  spectrum: { file: 'spectrum', stage: spectrum },
  spectra: { file: 'spectra', stage: spectra },
} as const satisfies Record<string, { file: string; stage: Stage }>

export type StageName = keyof typeof STAGES
export const STAGE_NAMES = Object.keys(STAGES) as StageName[]
