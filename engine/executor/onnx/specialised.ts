import type { StatefulProgram } from '../executor.js'
import type { HostTree, TensorTree } from '../tree.js'
import type { ProgramCache } from './programCache.js'

/** A faster form of one state function, equal to it. */
export type Specialisation = (programs: ProgramCache, state: HostTree<TensorTree>, options: object) => Promise<StatefulProgram<TensorTree, TensorTree, TensorTree>>

/** Specialised forms by the function that they stand for. */
export const SPECIALISED: ReadonlyMap<unknown, Specialisation> = new Map<unknown, Specialisation>([])
