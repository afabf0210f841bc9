import { wholeSet, type DatasetKind } from '../../contract/index.js'
import type { Draft, DraftTree } from '../stores/drafts.js'
import { valueAt } from './draftTree.js'

/** Default settings of a newly selected dataset. */
const firstOf = (kind: DatasetKind): DraftTree => wholeSet(kind) as unknown as DraftTree

/** The dataset part of a draft for another set: the start's own settings where it is the start's set, else what was typed and fits. */
export function datasetOf(kind: DatasetKind, draft: Draft): DraftTree {
  if (valueAt(draft.origin, 'dataset.kind') === kind) return draft.origin['dataset'] as DraftTree
  const typed = draft.spec['dataset'] as DraftTree
  const kept = Object.keys(firstOf(kind)).filter((key) => key !== 'kind' && key !== 'imageLimit' && key in typed)
  return { ...firstOf(kind), ...Object.fromEntries(kept.map((key) => [key, typed[key] ?? null])) }
}
