import { LabError, sameName } from '../../contract/index.js'

/** A result that can be named. */
export interface Nameable {
  id: string
  /** Names of its own, or of its only model. */
  names: readonly string[]
  /** What a list calls it. */
  words: string
  /** Results of one name that differ in it are a set and are taken together. */
  part: string
}

const MOST = 6
const BEGINNING = /^[asp]-[0-9a-f]*$/
const listed = (entries: readonly Nameable[]): string =>
  `${entries
    .slice(0, MOST)
    .map(({ id, words }) => `${id} (${words})`)
    .join(', ')}${entries.length > MOST ? ` and ${entries.length - MOST} more` : ''}`

/**
 * The result of an id, of the unique beginning of one, or of a name; a name may denote several parts of one set.
 *
 * @param what - `sweep`, `spectrum` or `plane`, for the refusal
 * @throws LabError `probe.missing` when there is none, or when several are meant
 */
export function findResults<Entry extends Nameable>(entries: readonly Entry[], name: string, what: string): Entry[] {
  const exact = entries.filter(({ id }) => id === name)
  if (exact.length > 0) return exact
  const begun = BEGINNING.test(name) ? entries.filter(({ id }) => id.startsWith(name)) : []
  if (begun.length === 1) return begun
  if (begun.length > 1)
    throw new LabError('probe.missing', `several ids start with ${name}: ${listed(begun)}; use a longer prefix`, {
      name,
    })
  const named = entries.filter(({ names }) => names.some((known) => sameName(known, name)))
  const parts = new Set(named.map(({ part }) => part))
  if (named.length > parts.size)
    throw new LabError('probe.missing', `several results are named ${name}: ${listed(named)}; use the id`, { name })
  if (named.length === 0)
    throw new LabError(
      'probe.missing',
      `no ${what} is named ${name}; ${entries.length === 0 ? `the archive contains no ${what}` : `the archive contains ${listed(entries)}`}`,
      { name },
    )
  return named
}
