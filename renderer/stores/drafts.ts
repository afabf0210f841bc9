import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { EXPERIMENT_KINDS, SPEC_VERSION, type ExperimentKind } from '../../contract/index.js'
import { recall, remember } from './browserStore.js'

const draftKey = (kind: ExperimentKind): string => `draft.${kind}`

/** Plain JSON of a spec that may still be wrong: a field that is no number holds its text. */
export type DraftValue = string | number | boolean | null | DraftTree | DraftValue[]
export interface DraftTree {
  [key: string]: DraftValue
}

/** A form half filled in. */
export interface Draft {
  /** The preset it started from; null for a file or an earlier run. */
  presetId: string | null
  /** Where it started: a preset's label, or a file's name. */
  originLabel: string
  /** The spec it started from: what "changed" compares with, whatever becomes of the preset. */
  origin: DraftTree
  spec: DraftTree
  /** Number of runs with consecutive seeds; not part of a spec. */
  seeds: DraftValue
}

/** The kept draft, unless another version of the program wrote it in another form. */
function keptDraft(kind: ExperimentKind): Draft | null {
  const draft = recall<Partial<Draft>>(draftKey(kind))
  const whole =
    typeof draft?.origin === 'object' &&
    typeof draft.spec === 'object' &&
    draft.origin !== null &&
    draft.spec !== null &&
    draft.spec['version'] === SPEC_VERSION &&
    draft.spec['kind'] === kind
  return whole
    ? {
        presetId: draft.presetId ?? null,
        originLabel: draft.originLabel ?? '',
        origin: draft.origin as DraftTree,
        spec: draft.spec as DraftTree,
        seeds: draft.seeds ?? 1,
      }
    : null
}

/** Forms half filled in, one for each kind of experiment; they survive closing the window. */
export const useDraftsStore = defineStore('drafts', () => {
  const kinds = Object.keys(EXPERIMENT_KINDS) as ExperimentKind[]
  const drafts = shallowRef<ReadonlyMap<ExperimentKind, Draft | null>>(
    new Map(kinds.map((kind) => [kind, keptDraft(kind)])),
  )
  return {
    drafts,
    keep: (kind: ExperimentKind, draft: Draft | null): void => {
      drafts.value = new Map(drafts.value).set(kind, draft)
      remember(draftKey(kind), draft)
    },
  }
})
