import { computed, shallowRef, watchEffect, type ComputedRef, type ShallowRef } from 'vue'
import type { ExperimentSpec, FieldMeta, Preset } from '../../contract/index.js'
import { useDraftsStore, type Draft, type DraftTree, type DraftValue } from '../stores/drafts.js'
import { useLabStore } from '../stores/lab.js'
import { useRunsStore } from '../stores/runs.js'
import { asTree } from './commandLine.js'
import { changesBetween, valueAt, withValue } from './draftTree.js'
import { withExecutors } from './executorChoices.js'
import { formSections, type FormField, type FormSection } from './fields.js'
import { checkDraft } from './validation.js'
import { warningsOf } from './warnings.js'

/** A field that differs from where the form started. */
export interface FieldChange {
  path: string
  section: string
  meta: Pick<FieldMeta, 'label' | 'symbol'>
  field: FormField | null
  from: DraftValue | undefined
  to: DraftValue | undefined
}

/** The form: a draft, what its schema says of it, and what a person may do to it. */
export interface ExperimentForm {
  readonly draft: ComputedRef<Draft | null>
  readonly sections: ComputedRef<FormSection[]>
  /** Faults to be shown: of fields that were left, or of all after a try to start. */
  readonly faults: ComputedRef<ReadonlyMap<string, string>>
  readonly warnings: ComputedRef<ReadonlyMap<string, string>>
  readonly changes: ComputedRef<FieldChange[]>
  /** The experiment, if the draft is one. */
  readonly spec: ComputedRef<ExperimentSpec | null>
  readonly everyField: ShallowRef<boolean>
  /** The draft that the last start from a preset or file replaced, if it held changes. */
  readonly replaced: ShallowRef<Draft | null>
  set(path: string, value: DraftValue): void
  /** The value that a field started from. */
  original(path: string): DraftValue | undefined
  reset(path: string): void
  resetAll(): void
  /** Shows faults of a field from now on. */
  leave(path: string): void
  /** Shows every fault. @returns the spec, or the path of the first fault */
  submit(): { spec: ExperimentSpec } | { firstFault: string }
  start(label: string, presetId: string | null, spec: ExperimentSpec): void
  restoreReplaced(): void
}

/** The groups of a path: `layer` of `layer.hiddenUnits`, `identity` of `seed`. */
const sectionOf = (path: string): string => (path.includes('.') ? path.slice(0, path.indexOf('.')) : 'identity')

/** The form of a local-learning experiment over its kept draft. */
export function useExperimentForm(): ExperimentForm {
  const drafts = useDraftsStore()
  const runs = useRunsStore()
  const lab = useLabStore()
  const left = shallowRef<ReadonlySet<string>>(new Set())
  const tried = shallowRef(false)
  const everyField = shallowRef(false)
  const replaced = shallowRef<Draft | null>(null)

  const draft = computed(() => drafts.localLearning)
  const tree = computed<DraftTree>(() => draft.value?.spec ?? {})
  const sections = computed(() => (draft.value === null ? [] : formSections(tree.value).map((section) => ({ ...section, fields: section.fields.map((field) => withExecutors(field, lab.info)) }))))
  const fields = computed(() => sections.value.flatMap((section) => section.fields))
  const checked = computed(() => checkDraft(tree.value, fields.value))
  const faults = computed(() => (tried.value ? checked.value.faults : new Map([...checked.value.faults].filter(([path]) => left.value.has(path)))))
  const earlier = computed(() => runs.list.flatMap((record) => {
    const spec = runs.specs.get(record.id)
    return spec === undefined ? [] : [{ record, spec }]
  }))
  watchEffect(() => {
    // Warnings cite only runs that went wrong, so only their specs are fetched.
    for (const record of runs.list) if (record.verdict?.passed === false) runs.wantSpec(record.id)
  })
  const changes = computed(() => {
    const current = draft.value
    if (current === null) return []
    return changesBetween(current.origin, current.spec).map((change): FieldChange => {
      const field = fields.value.find(({ path }) => path === change.path) ?? null
      const meta = field?.meta ?? { label: change.path === 'dataset.kind' ? 'Dataset' : change.path }
      return { ...change, section: sectionOf(change.path), field, meta }
    })
  })
  const update = (spec: DraftTree): void => {
    if (draft.value !== null) drafts.keep({ ...draft.value, spec })
  }
  const set = (path: string, value: DraftValue): void => update(withValue(tree.value, path, value))
  const original = (path: string): DraftValue | undefined => (draft.value === null ? undefined : valueAt(draft.value.origin, path))
  const forget = (): void => {
    left.value = new Set()
    tried.value = false
  }

  return {
    draft, sections, faults, changes, everyField, replaced, set, original,
    warnings: computed(() => (checked.value.spec === null ? new Map() : warningsOf(checked.value.spec, earlier.value, lab.info?.executors ?? []))),
    spec: computed(() => checked.value.spec),
    reset: (path) => {
      const value = original(path)
      if (value !== undefined) set(path, value)
    },
    resetAll: () => {
      if (draft.value !== null) update(draft.value.origin)
      forget()
    },
    leave: (path) => {
      if (!left.value.has(path)) left.value = new Set(left.value).add(path)
    },
    submit: () => {
      tried.value = true
      const { spec, faults: all } = checked.value
      return spec === null ? { firstFault: [...all.keys()][0] ?? '' } : { spec }
    },
    start: (originLabel, presetId, spec) => {
      replaced.value = changes.value.length > 0 ? draft.value : null
      forget()
      drafts.keep({ presetId, originLabel, origin: asTree(spec), spec: asTree(spec) })
    },
    restoreReplaced: () => {
      forget()
      drafts.keep(replaced.value)
      replaced.value = null
    },
  }
}

/** What a preset gives the form. */
export const startFrom = (form: ExperimentForm, preset: Preset): void => form.start(preset.label, preset.id, preset.spec)
