import { trainStep, type TrainOptions, type TrainState } from '../../training/trainStep.js'
import type { StatefulProgram } from '../executor.js'
import type { HostTree, TensorTree } from '../tree.js'
import type { ProgramCache } from './programCache.js'
import { createTrainProgram } from './trainProgram.js'

/** A faster form of one state function, equal to it. */
export type Specialisation = (
  programs: ProgramCache,
  state: HostTree<TensorTree>,
  options: object,
) => Promise<StatefulProgram<TensorTree, TensorTree, TensorTree>>

/** Specialised forms by the function that they replace. */
export const SPECIALISED: ReadonlyMap<unknown, Specialisation> = new Map<unknown, Specialisation>([
  [
    trainStep,
    async (programs, state, options) =>
      (await createTrainProgram(
        programs,
        state as HostTree<TrainState>,
        options as TrainOptions,
      )) as unknown as StatefulProgram<TensorTree, TensorTree, TensorTree>,
  ],
])
