import { LabError, shortened } from '../../contract/index.js'

/** No form of the program nests deeper than ten; more would only be there to hurt. */
const DEEPEST = 100

/** Text of a file in UTF-8, without the byte order mark that some editors put in front. @throws Error saying in words what it is instead */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new Error('it is UTF-16; save it as UTF-8')
  try {
    // The decoder leaves the mark out.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Error('it is not UTF-8; save it as UTF-8')
  }
}

interface Place {
  /** Keys of an object so far; null for a list. */
  keys: Set<string> | null
  expectsKey: boolean
}

/** Where the text that begins at a quote ends. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** Looks through valid JSON for what `JSON.parse` passes over. @throws Error for a key that is there twice, and for nesting without end */
function checkStructure(text: string): void {
  const places: Place[] = []
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    const place = places.at(-1)
    if (letter === '"') {
      const end = endOfString(text, at)
      if (place !== undefined && place.keys !== null && place.expectsKey) {
        const key = JSON.parse(text.slice(at, end + 1)) as string
        if (place.keys.has(key)) throw new Error(`the key ${shortened(key, 80)} appears twice in one object`)
        place.keys.add(key)
        place.expectsKey = false
      }
      at = end
    } else if (letter === '{' || letter === '[') {
      places.push({ keys: letter === '{' ? new Set() : null, expectsKey: true })
      if (places.length > DEEPEST) throw new Error(`it is nested more than ${DEEPEST} levels deep`)
    } else if (letter === '}' || letter === ']') places.pop()
    else if (letter === ',' && place !== undefined) place.expectsKey = true
  }
}

/**
 * Reads JSON that a person may have written: a byte order mark is passed over, a key that is there twice is refused by name.
 *
 * @throws Error whose message continues "FILE is not valid JSON: "
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeText(bytes)
  const value: unknown = JSON.parse(text)
  checkStructure(text)
  return value
}

/** JSON of bytes that this program wrote, or that an editor has saved since. @throws LabError `file.damaged` */
export function parseOwnJson(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(decodeText(bytes))
  } catch (error) {
    throw new LabError('file.damaged', `${path} is not JSON`, { path }, error)
  }
}
