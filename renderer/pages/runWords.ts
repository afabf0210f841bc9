import type { RunRecord } from '../../contract/index.js'
import { formatInteger, formatPercent } from '../format/index.js'

/** What the kinds of experiments are called in tables. */
export const KIND_LABELS = { localLearning: 'Layer', classifier: 'Classifier' } as const satisfies Record<RunRecord['kind'], string>

/** What tells runs of one experiment apart; empty for a run that stands alone. */
export const seedRemark = (run: Pick<RunRecord, 'group' | 'seed'>): string => (run.group === null ? '' : `seed ${run.seed}`)

/** What a run has to say beside its name: how it ended early, went wrong, or did not converge. */
export function runRemark(run: RunRecord): string {
  switch (run.state) {
    case 'paused': return `paused; resumable at epoch ${formatInteger(run.epoch)}`
    case 'stopped': return `stopped by you; resumable at epoch ${formatInteger(run.epoch)}`
    case 'interrupted': return `interrupted; resumable at epoch ${formatInteger(run.checkpoints.at(-1) ?? 0)}, exactly`
    case 'failed': return run.error?.message ?? 'failed'
    case 'finished': return run.verdict === null || run.verdict.passed ? (run.pruning === null ? '' : `${formatInteger(run.pruning.removedCount)} units pruned`) : `${formatPercent(run.verdict.unconvergedFraction)} of norms off`
    default: return ''
  }
}

/** Seconds that a run took, or has taken so far; null before it began. */
export const runSeconds = (run: RunRecord): number | null => (run.startedAt === null ? null : run.computeSeconds)

/** Fraction of the steps that are done; an epoch of a large set takes minutes. */
export const runProgress = (run: RunRecord): number => Math.min(1, Math.max(run.epoch / run.epochs, run.step / (run.epochs * run.stepsPerEpoch)) || 0)

/** Epochs done and planned: `90 of 120`, or only the plan when all or nothing is done. */
export const epochsText = (run: RunRecord): string => (run.state === 'finished' || run.epoch === 0 ? formatInteger(run.epochs) : `${formatInteger(run.epoch)} of ${formatInteger(run.epochs)}`)
