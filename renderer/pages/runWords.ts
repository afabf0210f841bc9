import type { RunRecord } from '../../contract/index.js'
import { formatInteger, formatPercent } from '../format/index.js'

/** Names of the kinds of experiment in tables. */
export const KIND_LABELS = { localLearning: 'Layer', classifier: 'Classifier' } as const satisfies Record<
  RunRecord['kind'],
  string
>

/** Distinguishes runs of one experiment; empty for a single run. */
export const seedRemark = (run: Pick<RunRecord, 'group' | 'seed'>): string =>
  run.group === null ? '' : `seed ${run.seed}`

/** A note next to the name of a run: that it stopped early, failed, or did not converge. */
export function runRemark(run: RunRecord): string {
  switch (run.state) {
    case 'paused':
      return `paused; can resume from epoch ${formatInteger(run.epoch)}`
    case 'stopped':
      return `stopped by you; can resume from epoch ${formatInteger(run.epoch)}`
    case 'interrupted':
      return `interrupted; can resume from epoch ${formatInteger(run.checkpoints.at(-1) ?? 0)} (bit-exact)`
    case 'failed':
      return run.error?.message ?? 'failed'
    case 'finished':
      return run.verdict === null || run.verdict.passed
        ? run.pruning === null
          ? ''
          : `${formatInteger(run.pruning.removedCount)} units pruned`
        : `${formatPercent(run.verdict.unconvergedFraction)} of norms off R`
    default:
      return ''
  }
}

/** Button text: `Resume from epoch 20 (bit-exact)`, or `Resume from the start` without a checkpoint. */
export function resumeWords({ checkpoints }: Pick<RunRecord, 'checkpoints'>): string {
  const epoch = checkpoints.at(-1) ?? 0
  return epoch === 0 ? 'Resume from the start' : `Resume from epoch ${formatInteger(epoch)} (bit-exact)`
}

/** Compute time of a run in seconds; null before it starts. */
export const runSeconds = (run: RunRecord): number | null => (run.startedAt === null ? null : run.computeSeconds)

/** Completed fraction of the steps, since an epoch of a large dataset takes minutes. */
export const runProgress = (run: RunRecord): number =>
  Math.min(1, Math.max(run.epoch / run.epochs, run.step / (run.epochs * run.stepsPerEpoch)) || 0)

/** Epochs done and planned: `90 of 120`, or only the plan when all or nothing is done. */
export const epochsText = (run: RunRecord): string =>
  run.state === 'finished' || run.epoch === 0
    ? formatInteger(run.epochs)
    : `${formatInteger(run.epoch)} of ${formatInteger(run.epochs)}`
