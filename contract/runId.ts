/** `r-` and hexadecimal digits: `r-7f21c4a0`. In the library also `i-` and digits, a run of another program. */
export type RunId = string

/** Forms of the ids of the library: a run of this program, or an imported one. */
export const LIBRARY_ID = /^[ri]-[0-9a-f]{8}$/

const IMPORTED_ID = /^i-[0-9a-f]{8}$/

/** Whether an id is that of a run of another program, which was imported and cannot be computed here. */
export const isImportedId = (id: unknown): id is RunId => typeof id === 'string' && IMPORTED_ID.test(id)
