import type { RunId } from '../../../contract/index.js'
import type { AddressForm } from '../../composables/useAddress.js'
import { COLUMNS } from '../library/libraryAddress.js'

/** Runs that an address names: one after the other, or in groups `a,b;c,d`. */
export interface ChosenIds {
  groups: readonly (readonly RunId[])[]
  /** Whether the address makes the groups; else the page does. */
  grouped: boolean
}

export const NO_IDS: ChosenIds = { groups: [], grouped: false }

export const IDS: AddressForm<ChosenIds> = {
  read: (text) => {
    const groups = text
      .split(';')
      .map((part) => [...new Set(part.split(',').filter((id) => id !== ''))])
      .filter((group) => group.length > 0)
    return { groups, grouped: text.includes(';') }
  },
  // A single group in groups keeps its mark.
  write: ({ groups, grouped }) =>
    `${groups.map((group) => group.join(',')).join(grouped ? ';' : ',')}${grouped && groups.length === 1 ? ';' : ''}`,
}

/** How runs become groups: their seeds, each alone, or columns. */
export type Grouping = 'seeds' | 'runs' | readonly string[]

export const GROUPING: AddressForm<Grouping> = {
  read: (text) => (text === 'seeds' || text === 'runs' ? text : COLUMNS.read(text)),
  write: (grouping) => (typeof grouping === 'string' ? grouping : COLUMNS.write(grouping)),
}

export { COLUMNS }

/** A window of ranks, `11-200`. */
export const WINDOW: AddressForm<readonly [number, number] | null> = {
  read: (text) => {
    const [, first, last] = /^(\d{1,6})-(\d{1,6})$/.exec(text) ?? []
    return first === undefined || Number(last) < Number(first) + 2 ? null : [Number(first), Number(last)]
  },
  write: (window) => window?.join('-') ?? '',
}

/** The epochs that are shown, `5-40`. */
export const EPOCHS: AddressForm<readonly [number, number] | null> = {
  read: (text) => {
    const [, first, last] = /^(\d{1,9})-(\d{1,9})$/.exec(text) ?? []
    return first === undefined || Number(first) >= Number(last) ? null : [Number(first), Number(last)]
  },
  write: (domain) => domain?.map((end) => Math.round(end)).join('-') ?? '',
}

/** The address of a comparison of lines of the library: runs, and groups as the table makes them. */
export const compareQuery = (lines: readonly (readonly RunId[])[]): Record<string, string> => ({
  // The runs of one group alone are compared with each other.
  ids: IDS.write({ groups: lines, grouped: lines.length > 1 && lines.some((ids) => ids.length > 1) }),
})
