import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import {
  attackOf,
  ATTACKS,
  newRobustnessRequest,
  robustnessRequest,
  type DatasetKind,
  type ProbeModel,
  type RobustnessRequest,
} from '../../../contract/index.js'
import { datasetOf } from '../../form/datasetDefaults.js'
import { changesBetween, valueAt, withValue } from '../../form/draftTree.js'
import { fieldsOf, sectionsOf, type FormField, type FormSection } from '../../form/fields.js'
import { faultsOf } from '../../form/validation.js'
import { variantAt, variantOf } from '../../form/variants.js'
import { recall, remember } from '../../stores/browserStore.js'
import type { DraftTree, DraftValue } from '../../stores/drafts.js'
import type { MissingAttack } from './checkAttack.js'

const DRAFT_KEY = 'draft.robustness'

/** The definition of the attack in the draft. */
const chosenAttack = (kind: DraftValue | undefined): (typeof ATTACKS)[number] | undefined =>
  ATTACKS.find((attack) => attack.kind === kind)

/** The paper's PGD on 1000 images. */
export const FIRST_SWEEP: DraftTree = {
  name: 'PGD',
  models: [],
  dataset: { kind: 'cifar10', imageLimit: null },
  split: 'test',
  imageNorm: null,
  executor: 'auto',
  images: 1000,
  attack: variantAt('attack')?.first['pgd'] ?? {},
  grid: { from: 1e-6, to: attackOf('pgd').paperLargest, count: 400, spacing: 'log' },
  seeds: [0],
  criticalOnly: false,
  batchSize: 1000,
  level: 0.95,
  resamples: 1000,
}

/** The form of a new sweep. */
export interface SweepForm {
  draft: Readonly<ShallowRef<DraftTree>>
  models: ComputedRef<readonly ProbeModel[]>
  sections: ComputedRef<FormSection[]>
  /** Null while something is wrong. */
  request: ComputedRef<RobustnessRequest | null>
  /** Faults to show: of fields that lost focus, or of all after an attempt to start. */
  faults: ComputedRef<ReadonlyMap<string, string>>
  everyField: Ref<boolean>
  isChanged(path: string): boolean
  valueOf(path: string): DraftValue | undefined
  set(field: FormField, value: DraftValue): void
  setDataset(kind: DatasetKind): void
  setModels(models: readonly ProbeModel[]): void
  reset(path: string): void
  resetAll(): void
  leave(path: string): void
  /** Starts from an earlier sweep, with another attack if one is given. */
  take(request: RobustnessRequest, attack?: MissingAttack | null): void
  /** Shows every fault. @returns path of the first; null when there is none */
  submit(): string | null
}

const kept = (): DraftTree => {
  const draft = recall<DraftTree>(DRAFT_KEY)
  // Another version of the program may use other keys.
  return draft !== null && Object.keys(FIRST_SWEEP).sort().join() === Object.keys(draft).sort().join()
    ? draft
    : FIRST_SWEEP
}

/** The draft of a sweep, stored in this browser until it is started, with the same checks as in the lab. */
export function useSweepForm(): SweepForm {
  const draft = shallowRef(kept())
  const everyField = ref(false)
  const left = shallowRef<ReadonlySet<string>>(new Set())
  const tried = ref(false)
  watch(draft, (now) => remember(DRAFT_KEY, now))
  const sections = computed(() =>
    sectionsOf(robustnessRequest, draft.value)
      .filter(({ id }) => id !== 'models')
      .map((section) => ({ ...section, fields: section.fields.filter(({ path }) => path !== 'dataset.imageLimit') })),
  )
  const checked = computed(() => newRobustnessRequest.safeParse(draft.value))
  const all = computed(() =>
    checked.value.success
      ? new Map<string, string>()
      : faultsOf(checked.value.error.issues, draft.value, sections.value.flatMap(fieldsOf)),
  )
  const changed = computed(() => changesBetween(FIRST_SWEEP, draft.value).map(({ path }) => path))
  const put = (path: string, value: DraftValue): void => {
    draft.value = withValue(draft.value, path, value)
  }
  const chooseAttack = (kind: string): void => {
    const variant = variantAt('attack')
    if (variant === null) return
    const [before, after] = [chosenAttack(valueAt(draft.value, 'attack.kind')), chosenAttack(kind)]
    const [to, name] = [valueAt(draft.value, 'grid.to'), draft.value['name']]
    put('attack', variantOf(variant, kind, draft.value['attack'], FIRST_SWEEP['attack']))
    // The grid and the name follow the attack unless they were edited.
    if (after === undefined) return
    if (to === before?.paperLargest) put('grid.to', after.paperLargest)
    if (name === before?.label) put('name', after.label)
  }
  return {
    draft,
    sections,
    everyField,
    models: computed(() => draft.value['models'] as unknown as readonly ProbeModel[]),
    request: computed(() => (checked.value.success ? checked.value.data : null)),
    faults: computed(() => new Map([...all.value].filter(([path]) => tried.value || left.value.has(path)))),
    isChanged: (path) => changed.value.some((each) => each === path || each.startsWith(`${path}.`)),
    valueOf: (path) => valueAt(draft.value, path),
    set: ({ path, variantOf: group }, value) =>
      group === 'attack' && typeof value === 'string' ? chooseAttack(value) : put(path, value),
    setDataset: (kind) =>
      put(
        'dataset',
        datasetOf(kind, { presetId: null, originLabel: '', origin: FIRST_SWEEP, spec: draft.value, seeds: 1 }),
      ),
    setModels: (models) =>
      put(
        'models',
        models.map(({ model, label }) => ({ model, label })),
      ),
    reset: (path) =>
      put(
        path,
        valueAt(FIRST_SWEEP, path) ??
          variantAt('attack')?.first[String(valueAt(draft.value, 'attack.kind'))]?.[path.replace('attack.', '')] ??
          null,
      ),
    resetAll: () => {
      draft.value = { ...FIRST_SWEEP, models: draft.value['models'] ?? [] }
      tried.value = false
      left.value = new Set()
    },
    leave: (path) => (left.value = new Set(left.value).add(path)),
    take: (request, attack = null) => {
      draft.value = structuredClone(request) as unknown as DraftTree
      if (attack === null) return
      if (attack.kind !== request.attack.kind) chooseAttack(attack.kind)
      if (attack.steps !== null) put('attack.steps', attack.steps)
    },
    submit: () => {
      tried.value = true
      return [...all.value.keys()][0] ?? null
    },
  }
}
