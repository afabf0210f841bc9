/** One form for letters that Unicode can write in two ways: `é` as one code point or as `e` and an accent. */
export const composed = (name: string): string => name.normalize('NFC')

/** Whether two names are the same to a person who reads them. */
export const sameName = (a: string, b: string): boolean => composed(a) === composed(b)
