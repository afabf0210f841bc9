import { DATASETS, DATASET_KINDS, LEARNING_RULES, RATE_SCHEDULES, REGULARISERS } from '../../../contract/index.js'
import { formatInteger, formatSignificant } from '../../format/index.js'
import type { DraftTree } from '../../stores/drafts.js'
import { valueAt } from '../../form/draftTree.js'

const inMillions = (count: number): string =>
  count >= 1e6 ? `${formatSignificant(count / 1e6, 2)} million` : formatInteger(count)

/** By the kind of a classifier's rate or the decay of a layer's. */
const RATE_NOTES: Record<string, string> = {
  ...Object.fromEntries(RATE_SCHEDULES.map(({ kind, note }) => [kind, note])),
  linear: 'linear, rate(*e*) = (1 − *e* / *T*) · rate_{0}',
}

/** The note next to a section's heading, for the current draft. Markup as in MathText. */
export function sectionNote(section: string, spec: DraftTree): string {
  const kind = DATASET_KINDS.find((known) => known === valueAt(spec, 'dataset.kind'))
  switch (section) {
    case 'identity':
      return 'the same seed and backend give bit-identical results'
    case 'dataset':
      return kind === undefined ? '' : DATASETS[kind].citation
    case 'layer': {
      const units = valueAt(spec, 'layer.hiddenUnits')
      if (kind === undefined || typeof units !== 'number' || !Number.isInteger(units) || units < 1) return ''
      const [height, width, channels] = DATASETS[kind].shape
      const inputs = height * width * channels
      return `${formatInteger(units)} units on ${formatInteger(inputs)} inputs, ${inMillions(units * inputs)} weights`
    }
    case 'rule':
      return LEARNING_RULES.find(({ kind: rule }) => rule === valueAt(spec, 'rule.kind'))?.note ?? ''
    case 'model': {
      const [model, units] = [valueAt(spec, 'model.kind'), valueAt(spec, 'model.hiddenUnits')]
      if (kind === undefined) return ''
      const [height, width, channels] = DATASETS[kind].shape
      const [inputs, classes] = [height * width * channels, DATASETS[kind].classNames.length]
      if (model === 'identity')
        return `${formatInteger(inputs)} inputs to ${classes} classes, ${formatInteger((inputs + 1) * classes)} parameters`
      if (model === 'hybrid') return 'the layer is frozen; only the linear classifier is trained'
      if (typeof units !== 'number' || !Number.isInteger(units) || units < 1) return ''
      return `${formatInteger(inputs)} inputs, ${formatInteger(units)} units, ${classes} classes; ${inMillions(units * (inputs + classes) + classes)} parameters`
    }
    case 'regularisers': {
      const terms = valueAt(spec, 'regularisers')
      const names = (Array.isArray(terms) ? terms : []).flatMap((_, index) =>
        REGULARISERS.flatMap(({ kind, short }) =>
          kind === valueAt(spec, `regularisers.${index}.kind`) ? [short] : [],
        ),
      )
      return names.length === 0
        ? 'loss = cross entropy'
        : `loss = cross entropy + ${names.map((name, index) => `*α*_{${index + 1}} ${name}`).join(' + ')}`
    }
    case 'optimiser':
      return 'Adam'
    case 'evaluation':
      return 'on all test images'
    case 'schedule':
      return RATE_NOTES[String(valueAt(spec, 'schedule.rate.kind') ?? valueAt(spec, 'schedule.decay'))] ?? ''
    case 'checks':
      return 'a run that fails the checks is kept and marked'
    case 'probes':
      return 'measured and shown during training'
    case 'checkpoints':
      return 'exact resume: weights, random state, position in the epoch'
    default:
      return ''
  }
}
