import type { DraftTree, DraftValue } from '../stores/drafts.js'

type Leaf = Exclude<DraftValue, DraftTree | DraftValue[]>

const isTree = (value: DraftValue | undefined): value is DraftTree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What lies directly in a value: of a group by key, of a list by number. */
const childrenOf = (value: DraftTree | DraftValue[]): [key: string, value: DraftValue][] => Object.entries(value)

function childOf(value: DraftValue | undefined, key: string): DraftValue | undefined {
  return Array.isArray(value) ? value[Number(key)] : isTree(value) ? value[key] : undefined
}

/** The value at a dotted path such as `regularisers.0.strength`, or undefined. */
export function valueAt(tree: DraftTree, path: string): DraftValue | undefined {
  let place: DraftValue | undefined = tree
  for (const key of path.split('.')) place = childOf(place, key)
  return place
}

function placed(value: DraftValue | undefined, [key = '', ...rest]: readonly string[], leaf: DraftValue): DraftValue {
  const inner = rest.length === 0 ? leaf : placed(childOf(value, key), rest, leaf)
  if (!Array.isArray(value)) return { ...(isTree(value) ? value : {}), [key]: inner }
  const copy = [...value]
  copy[Number(key)] = inner
  return copy
}

/** The tree with another value at a dotted path; what is not on the way is shared. */
export const withValue = (tree: DraftTree, path: string, value: DraftValue): DraftTree =>
  placed(tree, path.split('.'), value) as DraftTree

/** Every leaf with its dotted path, in the order of the keys. An empty list is a leaf that does not exist. */
export function leavesOf(tree: DraftTree | DraftValue[], prefix = ''): [path: string, value: Leaf][] {
  return childrenOf(tree).flatMap(([key, value]) =>
    isTree(value) || Array.isArray(value)
      ? leavesOf(value, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value] as [string, Leaf]],
  )
}

/** One value that differs; `undefined` where one side does not have it. */
export interface ValueChange {
  path: string
  from: DraftValue | undefined
  to: DraftValue | undefined
}

/** Whether two entries of a list are of one form, so that they can be compared value by value. */
function sameForm(before: DraftValue | undefined, after: DraftValue | undefined): boolean {
  return (
    isTree(before) &&
    isTree(after) &&
    before['kind'] === after['kind'] &&
    Object.keys(before).sort().join() === Object.keys(after).sort().join()
  )
}

/**
 * Every value in which two trees differ: those of the second in its order, then those that only the first has. Entries of lists that
 * came, went or are of another form differ as a whole.
 */
export function changesBetween(before: DraftTree, after: DraftTree, prefix = ''): ValueChange[] {
  const keys = [...Object.keys(after), ...Object.keys(before).filter((key) => !(key in after))]
  return keys.flatMap((key): ValueChange[] => {
    const [from, to, path] = [before[key], after[key], `${prefix}${key}`]
    if (Array.isArray(from) && Array.isArray(to)) return listChanges(from, to, path)
    if (isTree(from) && isTree(to)) return changesBetween(from, to, `${path}.`)
    if (isTree(from) && to === undefined) return changesBetween(from, {}, `${path}.`)
    if (isTree(to) && from === undefined) return changesBetween({}, to, `${path}.`)
    return Object.is(from, to) ? [] : [{ path, from, to }]
  })
}

function listChanges(from: readonly DraftValue[], to: readonly DraftValue[], path: string): ValueChange[] {
  return Array.from({ length: Math.max(from.length, to.length) }, (_, index) => index).flatMap(
    (index): ValueChange[] => {
      const [old, now, place] = [from[index], to[index], `${path}.${index}`]
      if (Object.is(old, now)) return []
      return sameForm(old, now)
        ? changesBetween(old as DraftTree, now as DraftTree, `${place}.`)
        : [{ path: place, from: old, to: now }]
    },
  )
}

/** The path of the list that contains an entry if the change concerns a whole entry or value; else null. */
export const listOf = (path: string): string | null => /^(.+)\.\d+$/.exec(path)?.[1] ?? null
