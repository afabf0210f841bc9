/** What a form found wrong, as zod lists it. */
interface Issue {
  readonly code?: string | undefined
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

const MOST_ISSUES = 8
const MOST_KEYS = 8
const LONGEST_ISSUE = 400

/** A text for a message: what goes beyond `most` characters is left out, and said to be. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  // No half of a character outside the basic plane is left at the cut.
  const kept = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')
  return `${kept}… (${text.length - kept.length} more characters)`
}

/** `a, b, c and 97 more`. */
export function listText(names: readonly string[], most: number = MOST_KEYS): string {
  const shown = names
    .slice(0, most)
    .map((name) => shortened(name, 80))
    .join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}

/** `a, b or c`. */
export const orText = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`

/** Where an issue lies: `layer.hiddenUnits`. */
export const issuePath = ({ path }: Pick<Issue, 'path'>): string => shortened(path.map(String).join('.'), 120)

function issueText(issue: Issue, root: string, after: (issue: Issue) => string): string {
  const message =
    issue.code === 'unrecognized_keys' && issue.keys !== undefined
      ? `unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${listText(issue.keys)}`
      : issue.message
  return `${issuePath(issue) || root}: ${shortened(message, LONGEST_ISSUE)}${after(issue)}`
}

/**
 * The faults that a form found, in one bounded sentence: the first eight by place and fact, the rest by their number.
 *
 * @param issues - of a zod error
 * @param root - what the whole value is called
 * @param after - what is added to an issue, such as the value that was given
 */
export function issuesText(issues: readonly Issue[], root: string, after: (issue: Issue) => string = () => ''): string {
  const isUnknown = ({ code }: Issue): boolean => code === 'unrecognized_keys'
  // A key that is not known is often the cause of another that is missing.
  const sorted = [...issues.filter(isUnknown), ...issues.filter((issue) => !isUnknown(issue))]
  const text = sorted
    .slice(0, MOST_ISSUES)
    .map((issue) => issueText(issue, root, after))
    .join('; ')
  return issues.length > MOST_ISSUES ? `${text}; and ${issues.length - MOST_ISSUES} more` : text
}
