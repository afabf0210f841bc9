import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { SPEC_VERSION } from '../../contract/index.js'
import { recall, remember } from './browserStore.js'

const DRAFT_KEY = 'draft.localLearning'

/** Plain JSON of a spec that may still be wrong: a field that is no number holds its text. */
export type DraftValue = string | number | boolean | null | DraftTree
export interface DraftTree {
  [key: string]: DraftValue
}

/** A form half filled in. */
export interface Draft {
  /** The preset it started from; null for a file or an earlier run. */
  presetId: string | null
  /** Where it started, in words: a preset's label, a file's name. */
  originLabel: string
  /** The spec it started from: what "changed" compares with, whatever becomes of the preset. */
  origin: DraftTree
  spec: DraftTree
}

/** The kept draft, unless another version of the program wrote it in another form. */
function keptDraft(): Draft | null {
  const draft = recall<Partial<Draft>>(DRAFT_KEY)
  const whole = typeof draft?.origin === 'object' && typeof draft.spec === 'object' && draft.origin !== null && draft.spec !== null && draft.spec['version'] === SPEC_VERSION
  return whole ? { presetId: draft.presetId ?? null, originLabel: draft.originLabel ?? '', origin: draft.origin as DraftTree, spec: draft.spec as DraftTree } : null
}

/** Forms half filled in; they survive closing the window. */
export const useDraftsStore = defineStore('drafts', () => {
  const localLearning = shallowRef<Draft | null>(keptDraft())
  return {
    localLearning,
    keep: (draft: Draft | null): void => {
      localLearning.value = draft
      remember(DRAFT_KEY, draft)
    },
  }
})
