import { computed, shallowRef, watchEffect, type ComputedRef, type ShallowRef } from 'vue'
import type { ExperimentKind, ExperimentSpec, FieldMeta, Preset } from '../../../contract/index.js'
import { moved } from '../../composables/useReorder.js'
import { useDraftsStore, type Draft, type DraftTree, type DraftValue } from '../../stores/drafts.js'
import { useLabStore } from '../../stores/lab.js'
import { useRunsStore } from '../../stores/runs.js'
import { asTree } from '../../form/commandLine.js'
import { changesBetween, listOf, valueAt, withValue } from '../../form/draftTree.js'
import { withExecutors } from './executorChoices.js'
import { fieldsOf, formSections, type FormField, type FormSection } from '../../form/fields.js'
import { checkDraft, seedsFault, SEEDS_FIELD } from '../../form/validation.js'
import { variantAt, variantOf } from '../../form/variants.js'
import { warningsOf } from './warnings.js'
import { entryNoun } from '../../form/words.js'

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
  /** Faults to show: of fields that lost focus, or of all after an attempt to start. */
  readonly faults: ComputedRef<ReadonlyMap<string, string>>
  readonly warnings: ComputedRef<ReadonlyMap<string, string>>
  readonly changes: ComputedRef<FieldChange[]>
  /** The experiment, if the draft is one. */
  readonly spec: ComputedRef<ExperimentSpec | null>
  /** Number of runs with consecutive seeds; 1 while the field is invalid. */
  readonly seeds: ComputedRef<number>
  readonly everyField: ShallowRef<boolean>
  /** The draft that was replaced by the last preset or file, if it had changes. */
  readonly replaced: ShallowRef<Draft | null>
  set(path: string, value: DraftValue): void
  setSeeds(value: DraftValue): void
  /** Gives a group such as `model` another form, with settings to start from. */
  setForm(group: string, kind: string): void
  /** Replaces a list such as `regularisers`; faults of its entries are forgotten, since their numbers changed. */
  setList(path: string, entries: DraftValue[]): void
  moveEntry(path: string, from: number, to: number): void
  /** The value that a field started from. */
  original(path: string): DraftValue | undefined
  reset(path: string): void
  resetAll(): void
  /** Shows faults of a field from now on. */
  leave(path: string): void
  /** Shows every fault. @returns the spec, or the path of the first fault */
  submit(): { spec: ExperimentSpec; seeds: number } | { firstFault: string }
  start(label: string, presetId: string | null, spec: ExperimentSpec): void
  restoreReplaced(): void
}

/** The groups of a path: `layer` of `layer.hiddenUnits`, `identity` of `seed`. */
const sectionOf = (path: string): string => (path.includes('.') ? path.slice(0, path.indexOf('.')) : 'identity')

/** The label of a change: the field's own with its entry, or the entry itself. */
function labelOf(path: string, field: FormField | null): string {
  const entry = /^(.+)\.(\d+)(?:\.|$)/.exec(path)
  const prefix = entry === null ? '' : `${entryNoun(entry[1] ?? '')} ${Number(entry[2]) + 1}`
  if (listOf(path) !== null) return prefix
  const own = field?.meta.label ?? (path === 'dataset.kind' ? 'Dataset' : path)
  return prefix === '' ? own : `${prefix}: ${own}`
}

/** The form of an experiment over the kept draft of its kind. */
export function useExperimentForm(kind: () => ExperimentKind): ExperimentForm {
  const drafts = useDraftsStore()
  const runs = useRunsStore()
  const lab = useLabStore()
  const left = shallowRef<ReadonlySet<string>>(new Set())
  const tried = shallowRef(false)
  const everyField = shallowRef(false)
  const replaced = shallowRef<Draft | null>(null)

  const draft = computed(() => drafts.drafts.get(kind()) ?? null)
  const tree = computed<DraftTree>(() => draft.value?.spec ?? {})
  const sections = computed(() =>
    draft.value === null
      ? []
      : formSections(tree.value).map((section) => ({
          ...section,
          fields: section.fields.map((field) => withExecutors(field, lab.info)),
        })),
  )
  const fields = computed(() => sections.value.flatMap(fieldsOf))
  const checked = computed(() => checkDraft(tree.value, fields.value))
  const allFaults = computed<ReadonlyMap<string, string>>(() => {
    const fault = draft.value === null ? null : seedsFault(draft.value.seeds, tree.value['seed'])
    return fault === null ? checked.value.faults : new Map([...checked.value.faults, [SEEDS_FIELD.path, fault]])
  })
  const faults = computed(() =>
    tried.value ? allFaults.value : new Map([...allFaults.value].filter(([path]) => left.value.has(path))),
  )
  const earlier = computed(() =>
    runs.list.flatMap((record) => {
      const spec = runs.specs.get(record.id)
      return spec === undefined ? [] : [{ record, spec }]
    }),
  )
  watchEffect(() => {
    // Warnings cite only runs that went wrong, so only their specs are fetched.
    for (const record of runs.list) if (record.verdict?.passed === false) runs.wantSpec(record.id)
  })
  const changes = computed(() => {
    const current = draft.value
    if (current === null) return []
    const all = changesBetween(current.origin, current.spec)
    // A setting that another form of the group does not have was not removed by the user.
    const formChanged = (path: string): boolean =>
      all.some((change) => change.path.endsWith('.kind') && path.startsWith(change.path.slice(0, -4)))
    const shown = all.filter(({ path, to }) => to !== undefined || listOf(path) !== null || !formChanged(path))
    const seeds: FieldChange[] =
      current.seeds === 1
        ? []
        : [
            {
              path: SEEDS_FIELD.path,
              section: 'identity',
              meta: SEEDS_FIELD.meta,
              field: SEEDS_FIELD,
              from: 1,
              to: current.seeds,
            },
          ]
    return [
      ...seeds,
      ...shown.map((change): FieldChange => {
        const field = fields.value.find(({ path }) => path === change.path) ?? null
        return {
          ...change,
          section: sectionOf(change.path),
          field,
          meta: { ...field?.meta, label: labelOf(change.path, field) },
        }
      }),
    ]
  })
  const update = (changed: Partial<Draft>): void => {
    if (draft.value !== null) drafts.keep(kind(), { ...draft.value, ...changed })
  }
  const set = (path: string, value: DraftValue): void => update({ spec: withValue(tree.value, path, value) })
  const setSeeds = (seeds: DraftValue): void => update({ seeds })
  const setList = (path: string, entries: DraftValue[]): void => {
    left.value = new Set([...left.value].filter((each) => !each.startsWith(`${path}.`)))
    set(path, entries)
  }
  const original = (path: string): DraftValue | undefined =>
    draft.value === null ? undefined : path === SEEDS_FIELD.path ? 1 : valueAt(draft.value.origin, path)
  const forget = (): void => {
    left.value = new Set()
    tried.value = false
  }

  return {
    draft,
    sections,
    faults,
    changes,
    everyField,
    replaced,
    set,
    setSeeds,
    setList,
    original,
    warnings: computed(() =>
      checked.value.spec === null
        ? new Map()
        : warningsOf(checked.value.spec, earlier.value, lab.info?.executors ?? []),
    ),
    spec: computed(() => checked.value.spec),
    seeds: computed(() =>
      draft.value === null || seedsFault(draft.value.seeds, tree.value['seed']) !== null
        ? 1
        : Number(draft.value.seeds),
    ),
    setForm: (group, name) => {
      const variant = variantAt(group)
      if (variant !== null) set(group, variantOf(variant, name, valueAt(tree.value, group), original(group)))
    },
    moveEntry: (path, from, to) => {
      const entries = valueAt(tree.value, path)
      if (Array.isArray(entries) && to >= 0 && to < entries.length) setList(path, moved(entries, from, to))
    },
    reset: (path) => {
      const value = original(path)
      const group = path.endsWith('.kind') ? path.slice(0, -5) : null
      if (path === SEEDS_FIELD.path) setSeeds(1)
      else if (group !== null && variantAt(group) !== null && original(group) !== undefined)
        set(group, original(group) ?? null)
      else if (value !== undefined) set(path, value)
    },
    resetAll: () => {
      if (draft.value !== null) update({ spec: draft.value.origin, seeds: 1 })
      forget()
    },
    leave: (path) => {
      if (!left.value.has(path)) left.value = new Set(left.value).add(path)
    },
    submit: () => {
      tried.value = true
      const { spec } = checked.value
      const [first] = allFaults.value.keys()
      return spec === null || first !== undefined
        ? { firstFault: first ?? '' }
        : { spec, seeds: Number(draft.value?.seeds ?? 1) }
    },
    start: (originLabel, presetId, spec) => {
      replaced.value = changes.value.length > 0 ? draft.value : null
      forget()
      drafts.keep(kind(), { presetId, originLabel, origin: asTree(spec), spec: asTree(spec), seeds: 1 })
    },
    restoreReplaced: () => {
      forget()
      drafts.keep(kind(), replaced.value)
      replaced.value = null
    },
  }
}

/** What a preset gives the form. */
export const startFrom = (form: ExperimentForm, preset: Preset): void =>
  form.start(preset.label, preset.id, preset.spec)
