import { strFromU8 } from 'fflate'
import type { PreflightFinding } from '../../contract/index.js'

/** Fonts that a file uses, and whether their outlines lie in it. */
interface FontUse {
  name: string
  embedded: boolean
}

/** PDF: every composite font leads over its descendant and descriptor to a file of outlines. */
function fontsOfPdf(text: string): FontUse[] {
  const objects = new Map(
    [...text.matchAll(/(?:^|\n)(\d+) 0 obj\n(.*)/g)].map(([, number, body]) => [Number(number), body ?? '']),
  )
  const follow = (body: string | undefined, key: string): string | undefined => {
    const number = new RegExp(`/${key} \\[?(\\d+) 0 R`).exec(body ?? '')?.[1]
    return number === undefined ? undefined : objects.get(Number(number))
  }
  return [...objects.values()]
    .filter((body) => body.includes('/Subtype /Type0'))
    .map((body) => {
      const descriptor = follow(follow(body, 'DescendantFonts'), 'FontDescriptor')
      const length = Number(/\/Length1 (\d+)/.exec(follow(descriptor, 'FontFile2') ?? '')?.[1] ?? 0)
      return { name: /\/BaseFont \/(?:[A-Z]{6}\+)?(\S+)/.exec(body)?.[1] ?? '', embedded: length > 0 }
    })
}

/** EPS: every font that is selected is defined before, as Type 42 with outlines. */
function fontsOfEps(text: string): FontUse[] {
  const defined = new Set(
    [...text.matchAll(/\/FontName \/(\S+) def\n\/FontType 42 def[\s\S]*?\/sfnts \[\s*<[0-9a-f]/g)].map(
      ([, name]) => name,
    ),
  )
  return [...new Set([...text.matchAll(/\/(\S+) \S+ selectfont/g)].map(([, name]) => name ?? ''))].map((name) => ({
    name: name.replace(/^F\d+-/, ''),
    embedded: defined.has(name),
  }))
}

/**
 * Looks into a finished file whether all fonts that it uses lie in it.
 *
 * @param bytes - an EPS or PDF of our own writers
 */
export function embeddedFonts(format: 'eps' | 'pdf', bytes: Uint8Array): PreflightFinding {
  const text = strFromU8(bytes, true)
  const uses = format === 'pdf' ? fontsOfPdf(text) : fontsOfEps(text)
  const missing = uses.filter(({ embedded }) => !embedded)
  return {
    level: missing.length === 0 ? 'pass' : 'fail',
    text: `Fonts are embedded in ${format.toUpperCase()}`,
    detail:
      missing.length === 0
        ? uses.map(({ name }) => name.replace('KaTeX_', 'KaTeX ')).join(', ')
        : `missing: ${missing.map(({ name }) => name).join(', ')}`,
    value: uses.length === 0 ? 'no text' : `${uses.length - missing.length} of ${uses.length}`,
  }
}
