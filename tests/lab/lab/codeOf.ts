import { LabError } from '../../../contract/index.js'

/** The code with which a promise is refused, or what it is refused with instead; `no error` where it is kept. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof LabError ? error.code : String(error)),
  )
