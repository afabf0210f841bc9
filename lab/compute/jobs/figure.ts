import { LabError } from '../../../contract/index.js'
import type { JobFunction } from './index.js'

export const drawFigure: JobFunction<'figure'> = async ({ figure }) => {
  throw new LabError('figure.unsupported', `${figure} cannot be drawn yet`)
}
