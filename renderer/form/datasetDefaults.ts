import type { DatasetKind } from '../../contract/index.js'
import type { Draft, DraftTree } from '../stores/drafts.js'
import { valueAt } from './draftTree.js'

/** Settings of a set that is chosen anew: unit normal noise (section 1.1), seed 1, all images. */
const FIRST: Record<DatasetKind, DraftTree> = {
  cifar10: { kind: 'cifar10', imageLimit: null },
  mnist: { kind: 'mnist', imageLimit: null },
  gaussianNoise: { kind: 'gaussianNoise', imageLimit: null, mean: 0, standardDeviation: 1, dataSeed: 1 },
  syntheticScenes: { kind: 'syntheticScenes', imageLimit: null, dataSeed: 1 },
}

/** The dataset part of a draft for another set: the start's own settings where it is the start's set, else what was typed and fits. */
export function datasetOf(kind: DatasetKind, draft: Draft): DraftTree {
  if (valueAt(draft.origin, 'dataset.kind') === kind) return draft.origin['dataset'] as DraftTree
  const typed = draft.spec['dataset'] as DraftTree
  const kept = Object.keys(FIRST[kind]).filter((key) => key !== 'kind' && key !== 'imageLimit' && key in typed)
  return { ...FIRST[kind], ...Object.fromEntries(kept.map((key) => [key, typed[key] ?? null])) }
}
