import { LabError } from '../contract/index.js'

/** Red, green and blue of `#rrggbb`, 0 to 255. @throws LabError `figure.unsupported` for another form */
export function rgbOf(colour: string): [number, number, number] {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)
  if (match === null) throw new LabError('figure.unsupported', `expected a colour #rrggbb, got ${colour}`)
  return [match[1], match[2], match[3]].map((part) => parseInt(part ?? '0', 16)) as [number, number, number]
}

/**
 * A translucent colour as it looks over another: over + opacity (colour - over), rounded.
 *
 * @param opacity - 0 to 1
 */
export function blend(colour: string, opacity: number, over: string): string {
  const below = rgbOf(over)
  return `#${rgbOf(colour)
    .map((value, channel) =>
      Math.round((below[channel] ?? 0) + opacity * (value - (below[channel] ?? 0)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}
