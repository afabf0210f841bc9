import { PAPER_MODELS, paperLabelOf } from './paperNames.js'

/**
 * What something is for life, whatever its name and place: `r-7f21c4a0` for a run and its models,
 * `group:r-7f21c4a0` for runs of one experiment, the name of an imported model, `sha256:…` for a model file, `data:cifar10`.
 */
export type Identity = string

/** How something is drawn: colour slot plus `LOOK_SLOTS` times dash, both from 0. */
export type Look = number

export const LOOK_SLOTS = 6
export const LOOK_DASHES = 4

/** Colours of the slots in print, `#rrggbb`: those of the light theme, `--c1` to `--c6`. */
export const LOOK_COLOURS = ['#12937f', '#e07015', '#9173ee', '#7d1b56', '#5c5b00', '#0d63ab'] as const

/** The looks given so far. A look is given once and never taken back. */
export type Looks = Readonly<Record<Identity, Look>>

/** Something that needs a look; its label decides which colour it would like. */
export interface LookRequest {
  identity: Identity
  label: string
}

export const slotOfLook = (look: Look): number => look % LOOK_SLOTS
export const dashOfLook = (look: Look): number => Math.floor(look / LOOK_SLOTS) % LOOK_DASHES

/** The last slot belongs to no model of the paper, so others start with it. */
const SLOT_ORDER: readonly number[] = [LOOK_SLOTS - 1, 0, 1, 2, 3, 4]

function requestedSlot({ identity, label }: LookRequest): number {
  if (identity.startsWith('data:')) return LOOK_SLOTS - 1
  const paper = paperLabelOf(label)
  return PAPER_MODELS.findIndex((name) => name === paper)
}

/** The least used colour, the requested one among equals, in the first dash that is free. */
function nextLook(given: readonly Look[], request: LookRequest): Look {
  const uses = Array.from({ length: LOOK_SLOTS }, (_, slot) => given.filter((look) => slotOfLook(look) === slot).length)
  const fewest = Math.min(...uses)
  const requested = requestedSlot(request)
  const slot = uses[requested] === fewest ? requested : (SLOT_ORDER.find((each) => uses[each] === fewest) ?? 0)
  const dashes = Array.from({ length: LOOK_DASHES }, (_, dash) => dash)
  const free = dashes.find((dash) => !given.includes(slot + dash * LOOK_SLOTS)) ?? fewest % LOOK_DASHES
  return slot + free * LOOK_SLOTS
}

/**
 * Gives a look to everything that has none yet: the colour of the paper for its models while it is free, else the least used colour.
 * What has a look keeps it.
 *
 * @returns all looks, old and new
 */
export function assignLooks(held: Looks, requests: readonly LookRequest[]): Looks {
  const looks = new Map(Object.entries(held))
  for (const request of requests) {
    if (!looks.has(request.identity)) looks.set(request.identity, nextLook([...looks.values()], request))
  }
  return Object.fromEntries(looks)
}

/** The raw and the pruned layer of a run, and the run itself, are one thing. */
export const lifeIdentity = (identity: Identity): Identity => identity.replace(/^(r-[0-9a-f]{4,32})\/pruned$/, '$1')

/**
 * The looks of the entries of one chart. Where two have the same one, the later by identity takes the next free dash of its colour:
 * a rule that knows no order of lists.
 */
export function looksApart(identities: readonly Identity[], lookOf: (identity: Identity) => Look): Map<Identity, Look> {
  const taken = new Set<Look>()
  const looks = new Map<Identity, Look>()
  for (const identity of [...new Set(identities)].sort()) {
    const own = lookOf(identity)
    const dashed = Array.from(
      { length: LOOK_DASHES },
      (_, turn) => (own + turn * LOOK_SLOTS) % (LOOK_SLOTS * LOOK_DASHES),
    )
    const look = dashed.find((each) => !taken.has(each)) ?? own
    taken.add(look)
    looks.set(identity, look)
  }
  return looks
}

/** A model of a result as it is known for life: by its run, its imported name, or, of a file, its content. */
export function modelIdentity(
  { model, hash }: { model: string; hash: string },
  runNamed: (name: string) => string | null = () => null,
): Identity {
  if (/^r-[0-9a-f]{4,32}(\/pruned)?$/.test(model)) return model
  const isFile = /[/\\]/.test(model) || /\.(pty|pt|pth|safetensors|npz)$/i.test(model)
  return runNamed(model) ?? (isFile ? `sha256:${hash.slice(0, 16)}` : model)
}

/** Several models under one label: the group of their runs, or all of them together. */
export function seriesIdentity(
  models: readonly Identity[],
  groupOf: (run: Identity) => string | null = () => null,
): Identity {
  const [first = '', ...others] = [...new Set(models)].sort()
  if (others.length === 0) return first
  const groups = new Set([first, ...others].map((each) => groupOf(lifeIdentity(each))))
  const [group] = groups
  return groups.size === 1 && group !== null && group !== undefined
    ? `group:${group}`
    : `set:${[first, ...others].join('+')}`
}

/** A model of a result, under its label. */
export interface LabelledModel {
  model: string
  label: string
  /** sha256 of its facts and tensors. */
  hash: string
}

/**
 * What each label of a result represents: models of one label are drawn as one.
 *
 * @param runs - of the archive, which give names and groups their identities
 */
export function labelIdentities(
  models: readonly LabelledModel[],
  runs: readonly { id: string; name: string; group: { id: string } | null }[],
): Map<string, Identity> {
  const runNamed = (name: string): string | null => {
    const [first, ...others] = runs.filter((run) => run.name === name)
    return first !== undefined && others.length === 0 ? first.id : null
  }
  const groupOf = (run: Identity): string | null => runs.find(({ id }) => id === run)?.group?.id ?? null
  return new Map(
    [...new Set(models.map(({ label }) => label))].map((label) => [
      label,
      seriesIdentity(
        models.filter((model) => model.label === label).map((model) => modelIdentity(model, runNamed)),
        groupOf,
      ),
    ]),
  )
}
