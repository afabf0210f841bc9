import {
  lineWidthPt,
  type FontName,
  type Paint,
  type PathItem,
  type Scene,
  type SceneItem,
  type TextItem,
  type TextMeasure,
  type TextRun,
} from '../scene.js'
import { base64 } from './base64.js'
import { short } from './numbers.js'
import { writePng } from './png.js'

/** How a font is named in SVG. */
export interface SvgFont {
  family: string
  style: 'normal' | 'italic'
  weight: 400 | 700
}

export const SVG_FONTS = {
  serif: { family: 'KaTeX_Main', style: 'normal', weight: 400 },
  serifItalic: { family: 'KaTeX_Main', style: 'italic', weight: 400 },
  serifBold: { family: 'KaTeX_Main', style: 'normal', weight: 700 },
  maths: { family: 'KaTeX_Math', style: 'italic', weight: 400 },
  sans: { family: 'KaTeX_SansSerif', style: 'normal', weight: 400 },
  sansItalic: { family: 'KaTeX_SansSerif', style: 'italic', weight: 400 },
  sansBold: { family: 'KaTeX_SansSerif', style: 'normal', weight: 700 },
  stixLatin: { family: 'STIXTwoTextLatin', style: 'normal', weight: 400 },
  stixLatinExt: { family: 'STIXTwoTextLatinExt', style: 'normal', weight: 400 },
  stixGreek: { family: 'STIXTwoTextGreek', style: 'normal', weight: 400 },
  stixCyrillic: { family: 'STIXTwoTextCyrillic', style: 'normal', weight: 400 },
  stixCyrillicExt: { family: 'STIXTwoTextCyrillicExt', style: 'normal', weight: 400 },
  stixVietnamese: { family: 'STIXTwoTextVietnamese', style: 'normal', weight: 400 },
  signs: { family: 'KaTeX_AMS', style: 'normal', weight: 400 },
} as const satisfies Record<FontName, SvgFont>

const escapeXml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

const paint = (name: 'fill' | 'stroke', value: Paint | undefined): string => {
  if (value === undefined) return name === 'fill' ? ' fill="none"' : ''
  return ` ${name}="${value.colour}"${(value.opacity ?? 1) < 1 ? ` ${name}-opacity="${value.opacity}"` : ''}`
}

const pathData = (item: PathItem): string =>
  item.segments
    .map((segment, index) => {
      switch (segment.kind) {
        case 'move':
          return `M${short(segment.x)} ${short(segment.y)}`
        case 'line': {
          const before = item.segments[index - 1]
          return before?.kind === 'move' && before.x === segment.x && before.y === segment.y
            ? 'h0'
            : `L${short(segment.x)} ${short(segment.y)}`
        }
        case 'curve':
          return `C${[segment.x1, segment.y1, segment.x2, segment.y2, segment.x, segment.y].map(short).join(' ')}`
        case 'close':
          return 'Z'
      }
    })
    .join('')

function pathElement(item: PathItem, clips: Map<string, string>): string {
  const { stroke, clip } = item
  let clipping = ''
  if (clip !== undefined) {
    const key = [clip.x, clip.y, clip.width, clip.height].map(short).join(' ')
    const id = clips.get(key) ?? `clip${clips.size + 1}`
    clips.set(key, id)
    clipping = ` clip-path="url(#${id})"`
  }
  const line =
    stroke === undefined
      ? ''
      : `${paint('stroke', stroke)} stroke-width="${short(stroke.widthPt)}"${stroke.dash === undefined ? '' : ` stroke-dasharray="${stroke.dash.map(short).join(' ')}"`}${stroke.cap === undefined ? '' : ` stroke-linecap="${stroke.cap}"`}`
  return `<path d="${pathData(item)}"${paint('fill', item.fill)}${line}${clipping}/>`
}

/** Every run has its own measured position, so that a viewer's own spacing changes nothing between runs. */
function textElement(item: TextItem, measure: TextMeasure, outlineOf: SvgOptions['outlineOf']): string {
  const width = lineWidthPt(item.runs, measure)
  let along = item.anchor === 'start' ? 0 : item.anchor === 'middle' ? -width / 2 : -width
  const runs = item.runs.map((run) => {
    const { family, style, weight } = SVG_FONTS[run.font]
    const outline = outlineOf?.(run) ?? null
    const element =
      outline !== null
        ? `<path transform="translate(${short(along)} ${short(-(run.risePt ?? 0))})" d="${outline}"/>`
        : `<text x="${short(along)}" y="${short(-(run.risePt ?? 0))}" font-family="${family}" font-style="${style}" font-weight="${weight}" font-size="${short(run.sizePt)}" xml:space="preserve">${escapeXml(run.text)}</text>`
    along += measure.widthPt(run)
    return element
  })
  return `<g fill="${item.colour}" transform="translate(${short(item.x)} ${short(item.y)})${item.turn === 0 ? '' : ` rotate(${short(-item.turn)})`}">${runs.join('')}</g>`
}

function element(item: SceneItem, measure: TextMeasure, clips: Map<string, string>, options: SvgOptions): string {
  switch (item.kind) {
    case 'path':
      return pathElement(item, clips)
    case 'text':
      return textElement(item, measure, options.outlineOf)
    case 'image': {
      const { x, y, width, height } = item.box
      const picture = base64(writePng(item.pixelWidth, item.pixelHeight, item.rgb, item.alpha?.opacity))
      return `<image x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" preserveAspectRatio="none" image-rendering="optimizeSpeed" style="image-rendering:pixelated" href="data:image/png;base64,${picture}"/>`
    }
  }
}

export interface SvgOptions {
  /** CSS with the fonts inside, for files that must look right everywhere. */
  fontFaces?: string
  /** Plain text, such as provenance as JSON. */
  metadata?: string
  /** Path data of a run that is drawn as outlines; null for one that stays text. */
  outlineOf?: (run: TextRun) => string | null
}

/**
 * Writes a scene as SVG.
 *
 * @param scene - in points
 * @param measure - widths of text
 */
export function svgText(scene: Scene, measure: TextMeasure, options: SvgOptions = {}): string {
  const clips = new Map<string, string>()
  const body = scene.items.map((item) => element(item, measure, clips, options))
  const clipPaths = [...clips].map(([key, id]) => {
    const [x, y, width, height] = key.split(' ')
    return `<clipPath id="${id}"><rect x="${x}" y="${y}" width="${width}" height="${height}"/></clipPath>`
  })
  const size = `width="${short(scene.widthPt)}pt" height="${short(scene.heightPt)}pt" viewBox="0 0 ${short(scene.widthPt)} ${short(scene.heightPt)}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escapeXml(scene.title)}">`,
    `<title>${escapeXml(scene.title)}</title>`,
    ...(options.metadata === undefined ? [] : [`<metadata>${escapeXml(options.metadata)}</metadata>`]),
    ...(options.fontFaces === undefined ? [] : [`<style>${options.fontFaces}</style>`]),
    ...(clipPaths.length === 0 ? [] : [`<defs>${clipPaths.join('')}</defs>`]),
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...body,
    '</svg>',
    '',
  ].join('\n')
}
