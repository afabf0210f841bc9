import { SPACE, formatFixed } from './numbers.js'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Bytes in decimal units with two significant digits below ten: `66 MB`, `0.9 GB` stays `900 MB`, `4.9 MB`. */
export function formatBytes(bytes: number): string {
  const place = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** place
  return `${formatFixed(value, place > 0 && value < 9.95 ? 1 : 0)}${SPACE}${UNITS[place] ?? 'B'}`
}

/** Two sizes of the same kind, in the unit of the larger: `1.4 of 16 GB`. */
export function formatShare(part: number, whole: number): string {
  const place = whole < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(whole) / 3))
  const scaled = (bytes: number): string => {
    const value = bytes / 1000 ** place
    return formatFixed(value, value < 9.95 ? 1 : 0)
  }
  return `${scaled(part)} of ${scaled(whole)}${SPACE}${UNITS[place] ?? 'B'}`
}
