import { DATASETS, DATASET_KINDS } from '../../contract/index.js'
import { formatInteger, formatSignificant } from '../format/index.js'
import type { DraftTree } from '../stores/drafts.js'
import { valueAt } from './draftTree.js'

const inMillions = (count: number): string => (count >= 1e6 ? `${formatSignificant(count / 1e6, 2)} million` : formatInteger(count))

/** What stands beside a section's heading: its sense in the terms of the draft. Markup as in MathText. */
export function sectionNote(section: string, spec: DraftTree): string {
  const kind = DATASET_KINDS.find((known) => known === valueAt(spec, 'dataset.kind'))
  switch (section) {
    case 'identity': return 'the same seed and executor give the same bits'
    case 'dataset': return kind === undefined ? '' : DATASETS[kind].citation
    case 'layer': {
      const units = valueAt(spec, 'layer.hiddenUnits')
      if (kind === undefined || typeof units !== 'number' || !Number.isInteger(units) || units < 1) return ''
      const [height, width, channels] = DATASETS[kind].shape
      const inputs = height * width * channels
      return `${formatInteger(units)} units on ${formatInteger(inputs)} inputs, ${inMillions(units * inputs)} weights`
    }
    case 'rule': return valueAt(spec, 'rule.kind') === 'khl3' ? 'sequential reference, one image at a time' : 'fast minibatch rule'
    case 'schedule': return valueAt(spec, 'schedule.decay') === 'constant' ? 'constant rate' : 'linear, rate(*e*) = (1 − *e* / *T*) · rate_{0}'
    case 'checks': return 'a run that fails is kept and marked'
    case 'probes': return 'measured and shown while it learns'
    case 'checkpoints': return 'exact resume: weights, random state, place in the epoch'
    default: return ''
  }
}
