/** One form for letters that Unicode can write in two ways: `é` as one code point or as `e` and an accent. */
export const composed = (name: string): string => name.normalize('NFC')

/** Whether two names are the same to a person who reads them. */
export const sameName = (a: string, b: string): boolean => composed(a) === composed(b)

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const lettersOf = (text: string): string[] => Array.from(graphemes.segment(text), ({ segment }) => segment)

/** A shared prefix shorter than this is kept. */
const SHORTEST_PREFIX = 5

/**
 * The beginning that all of several names share, up to the end of a word: `Replay, demo: `.
 *
 * @returns empty for fewer than two names, for a short beginning, and where a name would be left without letters
 */
export function commonPrefix(names: readonly string[]): string {
  const [first = '', ...others] = [...new Set(names)]
  if (others.length === 0) return ''
  let length = 0
  while (length < first.length && others.every((name) => name[length] === first[length])) length++
  const words = /^(.*[\s:,;/_-])/su.exec(first.slice(0, length))?.[1] ?? ''
  const isBare = [first, ...others].some((name) => !/[\p{L}\p{N}]/u.test(name.slice(words.length)))
  return words.trim().length < SHORTEST_PREFIX || isBare ? '' : words
}

/** A name cut in the middle: names of one experiment differ at their ends. */
export function middleCut(name: string, most: number): string {
  const letters = lettersOf(name)
  if (letters.length <= most) return name
  const tail = Math.floor((most - 1) / 2)
  return `${letters
    .slice(0, most - 1 - tail)
    .join('')
    .trimEnd()}…${letters
    .slice(letters.length - tail)
    .join('')
    .trimStart()}`
}

/**
 * Short names that remain distinct: without what all of them share at the beginning, and cut in the middle.
 *
 * @param most - letters of the longest, at least 5
 */
export function shortNames(names: readonly string[], most = 18): Map<string, string> {
  const shared = commonPrefix(names).length
  return new Map(names.map((name) => [name, middleCut(name.slice(shared), most)]))
}

/** Two parts of a name for a field of any width: the first gives way, the second stays. */
export function nameParts(name: string, tailLength = 14): { head: string; tail: string } {
  const letters = lettersOf(name)
  const tail = letters.length <= tailLength ? 0 : Math.min(tailLength, Math.floor(letters.length / 2))
  return { head: letters.slice(0, letters.length - tail).join(''), tail: letters.slice(letters.length - tail).join('') }
}
