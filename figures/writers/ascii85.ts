const LINE = 76

/** Bytes as ASCII85, in lines, with the end mark of PostScript. */
export function ascii85(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 4) {
    const count = Math.min(4, bytes.length - index)
    let value = 0
    for (let place = 0; place < 4; place++) value = value * 256 + (bytes[index + place] ?? 0)
    if (value === 0 && count === 4) {
      text += 'z'
      continue
    }
    const digits: string[] = []
    for (let place = 0; place < 5; place++) {
      digits.unshift(String.fromCharCode(33 + (value % 85)))
      value = Math.floor(value / 85)
    }
    text += digits.slice(0, count + 1).join('')
  }
  const lines = text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  // A line that begins with %% could be taken for a comment of the document's structure.
  return `${lines.map((line) => (line.startsWith('%') ? ` ${line}` : line)).join('\n')}~>`
}
