import { LabError, type ClassifierSpec } from '../../../contract/index.js'
import { leavesOf, mapTree, type HostArray, type HostTree } from '../../executor/tree.js'
import type { HostInputs } from '../../regularisers/index.js'
import type { TrainState } from '../../training/trainStep.js'
import type { Checkpoint, NamedTensors } from '../events.js'
import { classifierTallyFrom, emptyClassifierTally, type ClassifierTally } from './tally.js'

/** State of training: completed epochs and steps, the tally of the epoch in progress, and the state of its penalties. */
export interface ClassifierPosition {
  epoch: number
  step: number
  stepInEpoch: number
  tally: ClassifierTally
  /** Tensors of every penalty for this epoch; empty before its first step. */
  prepared: readonly HostInputs[]
}

const TERMS = 'terms.'

/** Everything that resume needs, by name. Frozen parameters are left out: they are an input of the run. */
export function checkpointTensors(
  state: HostTree<TrainState>,
  frozen: readonly string[],
  prepared: readonly HostInputs[],
): NamedTensors {
  const leaves = [...leavesOf<HostArray>(state)].filter(([path]) => !frozen.includes(path))
  const terms = prepared.flatMap((inputs, index) =>
    Object.entries(inputs).map(([name, array]): [string, HostArray] => [`${TERMS}${index}.${name}`, array]),
  )
  return Object.fromEntries(
    [...leaves, ...terms].map(([path, { data, shape }]) => [path, { data: data as Float32Array, shape }]),
  )
}

/**
 * The state of a checkpoint, in the form of a first state.
 *
 * @param first - names and shapes that are expected; frozen parameters come from it
 * @throws LabError `shape.mismatch` when a tensor is missing or has another shape
 */
export function stateFrom(
  checkpoint: Checkpoint,
  first: HostTree<TrainState>,
  frozen: readonly string[],
): HostTree<TrainState> {
  const known = leavesOf<HostArray>(first)
  return mapTree(first, (path) => {
    const expected = known.get(path) as HostArray
    if (frozen.includes(path)) return expected
    const stored = checkpoint.tensors[path]
    if (stored === undefined || stored.shape.join() !== expected.shape.join()) {
      throw new LabError(
        'shape.mismatch',
        `expected a checkpoint with ${path} of ${expected.shape.join(' x ')}, got ${stored?.shape.join(' x ') ?? 'none'}`,
        { path },
      )
    }
    return stored
  }) as HostTree<TrainState>
}

/** @throws LabError `file.damaged` when the checkpoint does not say where in its epoch it was taken */
export function positionFrom(checkpoint: Checkpoint | null, { regularisers }: ClassifierSpec): ClassifierPosition {
  if (checkpoint === null)
    return { epoch: 0, step: 0, stepInEpoch: 0, tally: emptyClassifierTally(regularisers.length), prepared: [] }
  const { stepInEpoch, tally } = checkpoint.state
  const counted = classifierTallyFrom(tally, regularisers.length)
  if (typeof stepInEpoch !== 'number' || counted === null)
    throw new LabError(
      'file.damaged',
      `the checkpoint of epoch ${checkpoint.epoch} does not contain its position in the epoch`,
    )
  const prepared =
    stepInEpoch === 0
      ? []
      : regularisers.map((_, index) =>
          Object.fromEntries(
            Object.entries(checkpoint.tensors)
              .filter(([path]) => path.startsWith(`${TERMS}${index}.`))
              .map(([path, array]) => [path.slice(`${TERMS}${index}.`.length), array]),
          ),
        )
  return { epoch: checkpoint.epoch, step: checkpoint.step, stepInEpoch, tally: counted, prepared }
}
