import { LabError } from '../../contract/index.js'
import type { ByteStream } from './byteStream.js'

const CHUNK_BYTES = 1 << 16
const LONGEST_FIELD = 1 << 20
const MOST_FIELDS = 10_000

/**
 * The rows of a CSV file (RFC 4180): fields in quotation marks may hold commas and line breaks, and a doubled quotation
 * mark is one. Lines end in CRLF or a line feed. Empty lines are passed over.
 *
 * @throws LabError `file.invalid` for a field or row without end
 */
export function* csvRows(stream: ByteStream): Generator<string[]> {
  const decoder = new TextDecoder('utf-8')
  let fields: string[] = []
  let field = ''
  let state: 'plain' | 'quoted' | 'quote' = 'plain'
  const text = function* (): Generator<string> {
    for (let left = stream.size - stream.position; left > 0; left = stream.size - stream.position) {
      const bytes = stream.take(Math.min(CHUNK_BYTES, left))
      if (bytes === null) break
      yield decoder.decode(bytes, { stream: true })
    }
    yield decoder.decode()
  }
  const endField = (): void => {
    fields.push(field)
    field = ''
    state = 'plain'
    if (fields.length > MOST_FIELDS) throw new LabError('file.invalid', `a row has more than ${MOST_FIELDS} fields`)
  }
  const endRow = (): string[] | null => {
    endField()
    const row = fields
    fields = []
    return row.length === 1 && row[0] === '' ? null : row
  }
  for (const part of text()) {
    for (const letter of part) {
      if (state === 'quoted') {
        if (letter === '"') state = 'quote'
        else field += letter
      } else if (letter === '"') {
        if (state === 'quote') field += letter
        state = 'quoted'
      } else if (letter === ',') endField()
      else if (letter === '\n') {
        if (state === 'plain' && field.endsWith('\r')) field = field.slice(0, -1)
        const row = endRow()
        if (row !== null) yield row
      } else if (!(letter === '\r' && state === 'quote')) field += letter
    }
    if (field.length > LONGEST_FIELD)
      throw new LabError('file.invalid', `a field is longer than ${LONGEST_FIELD} characters`)
  }
  if (field !== '' || fields.length > 0) {
    const row = endRow()
    if (row !== null) yield row
  }
}
