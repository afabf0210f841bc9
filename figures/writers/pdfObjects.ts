import { zlibSync } from 'fflate'
import { concatenate, latin1 } from './bytes.js'

/** Objects of a PDF file in the making; each gets a number when it is reserved or added. */
export interface PdfObjects {
  /** A number for an object that is added later. */
  reserve(): number
  /** @param body - without `obj` and `endobj`; returns the number */
  add(body: string, number?: number): number
  /** A stream with its length; deflated unless `plain`. */
  addStream(dictionary: string, bytes: Uint8Array, options?: { plain?: boolean; number?: number }): number
  /** The whole file. */
  finish(root: number, info: number): Uint8Array
}

/** A comment of four bytes above 127 marks the file as binary. */
const HEADER = Uint8Array.from([...latin1('%PDF-1.5\n%'), 0xe2, 0xe3, 0xcf, 0xd3, 10])

/** Starts an empty file. Source: ISO 32000-1, section 7.5, file structure. */
export function createPdfObjects(): PdfObjects {
  const bodies: Uint8Array[] = []
  const reserve = (): number => bodies.push(new Uint8Array(0))
  const put = (body: Uint8Array, number: number): number => {
    bodies[number - 1] = body
    return number
  }
  return {
    reserve,
    add: (body, number = reserve()) => put(latin1(body), number),
    addStream: (dictionary, bytes, { plain = false, number = reserve() } = {}) => {
      const data = plain ? bytes : zlibSync(bytes, { level: 6 })
      const filter = plain ? '' : ' /Filter /FlateDecode'
      return put(
        concatenate([
          latin1(`<< ${dictionary}${filter} /Length ${data.length} >>\nstream\n`),
          data,
          latin1('\nendstream'),
        ]),
        number,
      )
    },
    finish: (root, info) => {
      const parts: Uint8Array[] = [HEADER]
      let place = HEADER.length
      const offsets = bodies.map((body, index) => {
        const offset = place
        const whole = concatenate([latin1(`${index + 1} 0 obj\n`), body, latin1('\nendobj\n')])
        parts.push(whole)
        place += whole.length
        return offset
      })
      const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
      const end = `xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size ${bodies.length + 1} /Root ${root} 0 R /Info ${info} 0 R >>\nstartxref\n${place}\n%%EOF\n`
      return concatenate([...parts, latin1(end)])
    },
  }
}

/** A text string: ASCII in brackets, anything else as UTF-16 in hexadecimal digits. */
export function pdfText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replace(/[\\()]/g, (character) => `\\${character}`)})`
  return `<FEFF${Array.from({ length: text.length }, (_, index) => text.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0')).join('')}>`
}

/** A date of ISO 8601 in PDF's form, UTC: `D:20260101000000Z`. */
export const pdfDate = (iso: string): string => `(D:${iso.replace(/[-:T]/g, '').slice(0, 14)}Z)`
