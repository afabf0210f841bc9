import { strToU8 } from 'fflate'
import { rgbOf } from '../colour.js'
import type { ImageItem, Paint, PathItem, Scene, TextItem } from '../scene.js'
import { latin1 } from './bytes.js'
import { crisp } from './crisp.js'
import { short } from './numbers.js'
import { embedFonts } from './pdfFonts.js'
import { createPdfObjects, pdfDate, pdfText } from './pdfObjects.js'
import { upPredicted } from './predictor.js'
import type { FontEmbedder } from './type42.js'
import { xmpPacket } from './xmp.js'

const CAPS = { butt: 0, round: 1, square: 2 } as const
/** Adjustments of text in thousandths of its size. */
const PER_MILLE = 1000

const rgb = (colour: string): string =>
  rgbOf(colour)
    .map((channel) => short(channel / 255))
    .join(' ')
/** Sines and cosines of quarter turns come out whole. */
const exact = (value: number): string => String(Math.round(value * 1e6) / 1e6 + 0)

/**
 * Writes a scene as PDF 1.5, which pdflatex includes without a warning: vector lines, text as embedded TrueType subsets that can be searched and copied, true
 * transparency, pictures with their own pixels, the exact size, its origin as document information and XMP.
 *
 * @param scene - in points
 * @param fonts - the real fonts
 * @param about - texts of the document: creating program, creation date (ISO 8601), provenance
 * @returns the file; the same scene and texts give the same bytes
 * @throws LabError `figure.unsupported` for a missing character
 *
 * Source: ISO 32000-1; nothing is used that came after version 1.5.
 */
export function pdfBytes(
  scene: Scene,
  fonts: FontEmbedder,
  about: { creator: string; createdAt: string; description: string },
): Uint8Array {
  const objects = createPdfObjects()
  const catalogue = objects.reserve()
  const pages = objects.reserve()
  const embedded = embedFonts(scene, fonts, objects)
  const states = new Map<string, string>()
  const images: { alias: string; objectNumber: number }[] = []
  const flip = (y: number): number => scene.heightPt - y

  /** Switches to the opacities of fill and stroke; each pair is one resource. */
  const transparency = (fill: Paint | undefined, stroke: Paint | undefined): string[] => {
    const [ca, CA] = [fill?.opacity ?? 1, stroke?.opacity ?? 1]
    if (ca === 1 && CA === 1) return []
    const key = `/ca ${short(ca)} /CA ${short(CA)}`
    if (!states.has(key)) states.set(key, `G${states.size + 1}`)
    return [`/${states.get(key)} gs`]
  }
  const path = ({ segments, fill, stroke, clip }: PathItem): string[] => {
    const drawn = segments.map((segment) => {
      switch (segment.kind) {
        case 'move':
          return `${short(segment.x)} ${short(flip(segment.y))} m`
        case 'line':
          return `${short(segment.x)} ${short(flip(segment.y))} l`
        case 'curve':
          return `${[segment.x1, flip(segment.y1), segment.x2, flip(segment.y2), segment.x, flip(segment.y)].map(short).join(' ')} c`
        case 'close':
          return 'h'
      }
    })
    if (drawn.length === 0) return []
    return [
      'q',
      ...(clip === undefined
        ? []
        : [`${short(clip.x)} ${short(flip(clip.y + clip.height))} ${short(clip.width)} ${short(clip.height)} re W n`]),
      ...transparency(fill, stroke),
      ...(fill === undefined ? [] : [`${rgb(fill.colour)} rg`]),
      ...(stroke === undefined
        ? []
        : [
            `${rgb(stroke.colour)} RG ${short(stroke.widthPt)} w ${CAPS[stroke.cap ?? 'butt']} J${stroke.dash === undefined ? '' : ` [${stroke.dash.map(short).join(' ')}] 0 d`}`,
          ]),
      ...drawn,
      fill === undefined ? 'S' : stroke === undefined ? 'f' : 'B',
      'Q',
    ]
  }
  const text = ({ x, y, anchor, turn, colour, runs }: TextItem): string[] => {
    const placed = runs.map((run) => ({ run, characters: fonts.characters(run) }))
    const widths = placed.map(({ characters }) => characters.reduce((sum, { advancePt }) => sum + advancePt, 0))
    const width = widths.reduce((sum, part) => sum + part, 0)
    let along = anchor === 'start' ? 0 : anchor === 'middle' ? -width / 2 : -width
    const angle = (turn * Math.PI) / 180
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    const lines = ['BT', `${rgb(colour)} rg`]
    placed.forEach(({ run, characters }, index) => {
      const font = embedded.get(run.font)
      if (font === undefined) return
      const rise = run.risePt ?? 0
      const shown = characters.map(({ character, advancePt }) => {
        const code = (font.subset.glyphs.get(character) ?? 0).toString(16).toUpperCase().padStart(4, '0')
        const own = ((font.subset.advances.get(character) ?? 0) * run.sizePt) / font.subset.unitsPerEm
        const kern = ((own - advancePt) * PER_MILLE) / run.sizePt
        return Math.abs(kern) < 0.01 ? `<${code}>` : `<${code}> ${short(kern)}`
      })
      lines.push(
        `/${font.alias} ${short(run.sizePt)} Tf`,
        `${[cos, sin, -sin, cos].map(exact).join(' ')} ${short(x + along * cos - rise * sin)} ${short(flip(y) + along * sin + rise * cos)} Tm`,
        `[${shown.join(' ').replaceAll('> <', '')}] TJ`,
      )
      along += widths[index] ?? 0
    })
    return [...lines, 'ET']
  }
  const image = (item: ImageItem): string[] => {
    const { box, pixelWidth, pixelHeight, rgb: pixels, alpha } = crisp(item)
    const form = (space: string, channels: number): string =>
      `/Type /XObject /Subtype /Image /Width ${pixelWidth} /Height ${pixelHeight} /ColorSpace /${space} /BitsPerComponent 8 /Interpolate false /DecodeParms << /Predictor 12 /Colors ${channels} /Columns ${pixelWidth} >>`
    const mask =
      alpha === undefined
        ? ''
        : ` /SMask ${objects.addStream(form('DeviceGray', 1), upPredicted(alpha.opacity, pixelWidth))} 0 R`
    const alias = `I${images.length + 1}`
    images.push({
      alias,
      objectNumber: objects.addStream(`${form('DeviceRGB', 3)}${mask}`, upPredicted(pixels, 3 * pixelWidth)),
    })
    return [
      'q',
      `${short(box.width)} 0 0 ${short(box.height)} ${short(box.x)} ${short(flip(box.y + box.height))} cm`,
      `/${alias} Do`,
      'Q',
    ]
  }

  const body = scene.items.flatMap((item) =>
    item.kind === 'path' ? path(item) : item.kind === 'text' ? text(item) : image(item),
  )
  const size = `${short(scene.widthPt)} ${short(scene.heightPt)}`
  const contents = objects.addStream('', latin1([`1 1 1 rg 0 0 ${size} re f`, ...body].join('\n')))
  const resources = [
    `/Font << ${[...embedded.values()].map(({ alias, objectNumber }) => `/${alias} ${objectNumber} 0 R`).join(' ')} >>`,
    `/ExtGState << ${[...states].map(([key, alias]) => `/${alias} << /Type /ExtGState ${key} >>`).join(' ')} >>`,
    `/XObject << ${images.map(({ alias, objectNumber }) => `/${alias} ${objectNumber} 0 R`).join(' ')} >>`,
  ].join(' ')
  const group = '/Group << /S /Transparency /CS /DeviceRGB /I true >>'
  const page = objects.add(
    `<< /Type /Page /Parent ${pages} 0 R /MediaBox [0 0 ${size}] /Resources << ${resources} >> ${group} /Contents ${contents} 0 R >>`,
  )
  objects.add(`<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`, pages)
  const xmp = strToU8(xmpPacket({ title: scene.title, ...about }))
  const metadata = objects.addStream('/Type /Metadata /Subtype /XML', xmp, { plain: true })
  objects.add(
    `<< /Type /Catalog /Pages ${pages} 0 R /Metadata ${metadata} 0 R /ViewerPreferences << /DisplayDocTitle true >> >>`,
    catalogue,
  )
  const info = objects.add(
    `<< /Title ${pdfText(scene.title)} /Creator ${pdfText(about.creator)} /Producer ${pdfText(about.creator)} /CreationDate ${pdfDate(about.createdAt)} /Subject ${pdfText(about.description)} >>`,
  )
  return objects.finish(catalogue, info)
}
