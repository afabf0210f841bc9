import { zlibSync } from 'fflate'
import { LabError } from '../../contract/index.js'
import { rgbOf } from '../colour.js'
import type { FontName, ImageItem, Paint, PathItem, Scene, TextItem } from '../scene.js'
import { ascii85 } from './ascii85.js'
import { crisp } from './crisp.js'
import { short } from './numbers.js'
import { upPredicted } from './predictor.js'
import { type42Font, type FontEmbedder } from './type42.js'
import { usedCharacters } from './usedCharacters.js'

const CAPS = { butt: 0, round: 1, square: 2 } as const

/** Short names keep the file readable; the operators behind them are PostScript's own. */
const PROLOGUE = [
  '/m {moveto} bind def /l {lineto} bind def /c {curveto} bind def /h {closepath} bind def',
  '/f {fill} bind def /s {stroke} bind def /w {setlinewidth} bind def /d {0 setdash} bind def',
  '/k {setrgbcolor} bind def /q {gsave} bind def /Q {grestore} bind def',
].join('\n')

function colour({ colour: value, opacity = 1 }: Paint): string {
  if (opacity !== 1) throw new LabError('figure.unsupported', `EPS does not support transparency; blend ${value} first`)
  return `${rgbOf(value)
    .map((channel) => short(channel / 255))
    .join(' ')} k`
}

/** Printable ASCII only: comments of the header are read by all kinds of programs. */
const comment = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]/g, (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`)
    .slice(0, 240)

/**
 * Writes a scene as Encapsulated PostScript, language level 3: vector lines, text as embedded Type 42 fonts, pictures with
 * their own pixels, the exact bounding box, no transparency.
 *
 * @param scene - opaque (see `flatten`), in points
 * @param fonts - the real fonts
 * @param about - texts for the header: creator, creation date (ISO 8601), provenance lines
 * @returns ASCII text; the same scene and texts give the same bytes
 * @throws LabError `figure.unsupported` for a translucent paint or a missing character
 *
 * Source: Adobe, PostScript Language Reference, third edition; EPSF specification 3.0.
 */
export function epsText(
  scene: Scene,
  fonts: FontEmbedder,
  about: { creator: string; createdAt: string; lines: readonly string[] },
): string {
  const flip = (y: number): number => scene.heightPt - y
  const used = usedCharacters(scene, fonts)
  const nameOf = (font: FontName): string => `F${[...used.keys()].indexOf(font) + 1}`
  const resources = [...used].map(([font, characters]) => {
    const subset = fonts.subset(font, characters)
    return {
      name: `${nameOf(font)}-${subset.postScriptName}`,
      alias: nameOf(font),
      program: type42Font(`${nameOf(font)}-${subset.postScriptName}`, characters, subset),
    }
  })
  const selected = (font: FontName): string => resources.find(({ alias }) => alias === nameOf(font))?.name ?? ''

  const path = (item: PathItem): string[] => {
    const drawn = item.segments.map((segment) => {
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
    const { clip, fill, stroke } = item
    const lines = [
      'q',
      ...(clip === undefined
        ? []
        : [
            `${short(clip.x)} ${short(flip(clip.y + clip.height))} ${short(clip.width)} ${short(clip.height)} rectclip`,
          ]),
    ]
    if (fill !== undefined) lines.push(colour(fill), ...drawn, 'f')
    if (stroke !== undefined)
      lines.push(
        colour(stroke),
        `${short(stroke.widthPt)} w`,
        `${CAPS[stroke.cap ?? 'butt']} setlinecap`,
        ...(stroke.dash === undefined ? [] : [`[${stroke.dash.map(short).join(' ')}] d`]),
        ...drawn,
        's',
      )
    return [...lines, 'Q']
  }
  const text = (item: TextItem): string[] => {
    const placed = item.runs.map((run) => ({ run, characters: fonts.characters(run) }))
    const width = placed.reduce(
      (sum, { characters }) => sum + characters.reduce((part, { advancePt }) => part + advancePt, 0),
      0,
    )
    let along = item.anchor === 'start' ? 0 : item.anchor === 'middle' ? -width / 2 : -width
    const lines = [
      'q',
      colour({ colour: item.colour }),
      `${short(item.x)} ${short(flip(item.y))} translate`,
      ...(item.turn === 0 ? [] : [`${short(item.turn)} rotate`]),
    ]
    for (const { run, characters } of placed) {
      const codes = characters
        .map(({ character }) => ((used.get(run.font) ?? []).indexOf(character) + 1).toString(16).padStart(2, '0'))
        .join('')
      lines.push(
        `/${selected(run.font)} ${short(run.sizePt)} selectfont ${short(along)} ${short(run.risePt ?? 0)} m <${codes}> [${characters.map(({ advancePt }) => short(advancePt)).join(' ')}] xshow`,
      )
      along += characters.reduce((sum, { advancePt }) => sum + advancePt, 0)
    }
    return [...lines, 'Q']
  }
  const image = (item: ImageItem): string[] => {
    if (item.alpha !== undefined)
      throw new LabError('figure.unsupported', 'EPS does not support transparency; blend the picture first')
    const { box, pixelWidth, pixelHeight, rgb } = crisp(item)
    return [
      'q',
      `${short(box.x)} ${short(flip(box.y + box.height))} translate ${short(box.width)} ${short(box.height)} scale`,
      '/DeviceRGB setcolorspace',
      `<< /ImageType 1 /Width ${pixelWidth} /Height ${pixelHeight} /BitsPerComponent 8 /Decode [0 1 0 1 0 1] /Interpolate false`,
      `/ImageMatrix [${pixelWidth} 0 0 -${pixelHeight} 0 ${pixelHeight}] /DataSource currentfile /ASCII85Decode filter << /Predictor 12 /Colors 3 /Columns ${pixelWidth} >> /FlateDecode filter >> image`,
      ascii85(zlibSync(upPredicted(rgb, 3 * pixelWidth), { level: 6 })),
      'Q',
    ]
  }
  const body = scene.items.flatMap((item) =>
    item.kind === 'path' ? path(item) : item.kind === 'text' ? text(item) : image(item),
  )
  return [
    '%!PS-Adobe-3.0 EPSF-3.0',
    `%%BoundingBox: 0 0 ${Math.ceil(scene.widthPt - 1e-9)} ${Math.ceil(scene.heightPt - 1e-9)}`,
    `%%HiResBoundingBox: 0 0 ${short(scene.widthPt)} ${short(scene.heightPt)}`,
    '%%LanguageLevel: 3',
    `%%Title: ${comment(scene.title)}`,
    `%%Creator: ${comment(about.creator)}`,
    `%%CreationDate: ${comment(about.createdAt)}`,
    '%%Pages: 1',
    ...(resources.length === 0
      ? []
      : [`%%DocumentSuppliedResources: font ${resources.map(({ name }) => name).join(' ')}`]),
    ...about.lines.map((line) => `% ${comment(line)}`),
    '%%EndComments',
    '%%BeginProlog',
    PROLOGUE,
    ...resources.map(({ program }) => program),
    '%%EndProlog',
    '%%Page: 1 1',
    `q 1 1 1 k 0 0 ${short(scene.widthPt)} ${short(scene.heightPt)} rectfill Q`,
    ...body,
    'showpage',
    '%%EOF',
    '',
  ].join('\n')
}
