import { LabError } from '../../contract/index.js'

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** The error of the system that was behind an error, if there was one. */
function systemCode(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = codeOf(at)
    if (!(at instanceof LabError) && typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)) return code
  }
  return null
}

/** Whether an error says that a file or folder is not there. */
export function isMissing(error: unknown): boolean {
  const code = systemCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/**
 * Whether an error says that a file could not be read now: no handle was free, the disk failed, a permission lacks. That is no property of
 * what the file holds, so that nothing may be concluded from it and nothing written over it.
 */
export const isUnreadable = (error: unknown): boolean => systemCode(error) !== null && !isMissing(error)

/** For `catch`: the value used for a missing file. @throws every other error */
export const ifMissing =
  <Value>(value: Value) =>
  (error: unknown): Value => {
    if (isMissing(error)) return value
    throw error
  }

/**
 * For `catch`: the value used for a missing or damaged file.
 *
 * @param report - called with a damaged one
 * @throws errors of the system, see {@link isUnreadable}
 */
export const ifUseless =
  <Value>(value: Value, report?: (error: unknown) => void) =>
  (error: unknown): Value => {
    if (isUnreadable(error)) throw error
    if (!isMissing(error)) report?.(error)
    return value
  }
