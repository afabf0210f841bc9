import { LabError } from '../../contract/index.js'

/**
 * Eigenvalues of a matrix that was measured. One that is not finite is a finding about a model, not about a run that learns.
 *
 * @param what - of which it is the covariance, such as `the hidden layer`
 * @throws LabError `probe.notANumber` in place of `run.notANumber`
 */
export async function ofMeasured<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'run.notANumber') throw error
    throw new LabError('probe.notANumber', `the covariance of ${what} is not finite: ${error.message}`, {}, error)
  }
}
