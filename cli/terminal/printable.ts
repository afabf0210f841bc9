/**
 * Characters that a terminal obeys instead of showing: C0 and C1 controls, deletion, line and paragraph separators, and the
 * marks that reorder text (Unicode TR 36, bidirectional spoofing).
 */
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g
const OBEYED_IN_LINES =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A name or other text from a file as one line that is safe to print: `\u001b[31m` instead of red. */
export const printable = (text: string): string => text.replace(OBEYED, escaped)

/** Text of several lines that is safe to print. */
export const printableLines = (text: string): string => text.replace(OBEYED_IN_LINES, escaped)
