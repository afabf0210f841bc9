import type { CellValue } from '../../contract/library/column.js'

/** More settings than any specification has; an imported configuration may be of any size. */
const MOST_SETTINGS = 20_000

/**
 * Settings as columns: `{ layer: { hiddenUnits: 2000 } }` becomes `layer.hiddenUnits`. Lists of numbers and texts become
 * one text; entries of lists of records are numbered, `regularisers.0.strength`.
 */
export function flattened(value: unknown): Record<string, CellValue> {
  const cells: Record<string, CellValue> = Object.create(null) as Record<string, CellValue>
  let count = 0
  const add = (path: string, entry: unknown): void => {
    // MessagePack refuses a record with this key, so that no window could receive the settings.
    if (count >= MOST_SETTINGS || path === '__proto__') return
    if (typeof entry === 'number' || typeof entry === 'string' || typeof entry === 'boolean') {
      cells[path] = entry
      count += 1
    } else if (Array.isArray(entry)) {
      if (entry.every((part) => typeof part !== 'object' || part === null)) add(path, entry.map(String).join(', '))
      else entry.forEach((part, index) => add(`${path}.${index}`, part))
    } else if (typeof entry === 'object' && entry !== null)
      for (const [key, part] of Object.entries(entry)) add(path === '' ? key : `${path}.${key}`, part)
  }
  add('', value)
  return cells
}
