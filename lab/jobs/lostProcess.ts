import type { LabError } from '../../contract/index.js'
import { LOST_PROCESS } from '../compute/workerProcess.js'

/** A job whose compute process is lost more often than this in one session probably ends it itself. */
export const MOST_RESTARTS = 3

/** Whether a job can continue from what it has stored, because only the process that computed it was lost. */
export const isLostProcess = ({ details }: LabError): boolean => details['process'] === LOST_PROCESS.process
