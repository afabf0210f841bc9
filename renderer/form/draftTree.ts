import type { DraftTree, DraftValue } from '../stores/drafts.js'

const isTree = (value: DraftValue | undefined): value is DraftTree => typeof value === 'object' && value !== null

/** The value at a dotted path, or undefined. */
export function valueAt(tree: DraftTree, path: string): DraftValue | undefined {
  let place: DraftValue | undefined = tree
  for (const key of path.split('.')) place = isTree(place) ? place[key] : undefined
  return place
}

/** The tree with another value at a dotted path; what is not on the way is shared. */
export function withValue(tree: DraftTree, path: string, value: DraftValue): DraftTree {
  const [key = '', ...rest] = path.split('.')
  if (rest.length === 0) return { ...tree, [key]: value }
  const branch = tree[key]
  return { ...tree, [key]: withValue(isTree(branch) ? branch : {}, rest.join('.'), value) }
}

/** Every leaf with its dotted path, in the order of the keys. */
export function leavesOf(tree: DraftTree, prefix = ''): [path: string, value: Exclude<DraftValue, DraftTree>][] {
  return Object.entries(tree).flatMap(([key, value]) => (isTree(value) ? leavesOf(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value] as [string, Exclude<DraftValue, DraftTree>]]))
}

/** One leaf that differs; `undefined` where one side does not have it. */
export interface LeafChange {
  path: string
  from: DraftValue | undefined
  to: DraftValue | undefined
}

/** Every leaf in which two trees differ: those of the second in its order, then those that only the first has. */
export function changesBetween(before: DraftTree, after: DraftTree): LeafChange[] {
  const old = new Map(leavesOf(before))
  const changes: LeafChange[] = []
  for (const [path, to] of leavesOf(after)) {
    const from = old.get(path)
    if (!Object.is(from, to)) changes.push({ path, from, to })
    old.delete(path)
  }
  return [...changes, ...[...old].map(([path, from]) => ({ path, from, to: undefined }))]
}
