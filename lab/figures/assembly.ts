import type { FigureModel, FigureRun } from '../../contract/index.js'
import type { LabContext } from '../context.js'
import type { AlignedSweeps } from './alignSweeps.js'
import type { PairedSpectra } from './pairSpectra.js'
import type { PlaneMaps } from './results.js'

/** How the data of a figure are put together; what it is given depends on what the figure is drawn from (`inputs` of its definition). */
export interface AssemblyOf<Data> {
  /** Sweeps of the same models under its attacks. */
  sweep: (sweeps: AlignedSweeps) => Data
  /** Spectra over data and over noise, row by row. */
  spectrum: (spectra: PairedSpectra) => Data
  /** Maps of several models over one plane. */
  plane: (maps: PlaneMaps) => Data
  /** A run; `seed` is that of its random numbers. */
  run: (context: LabContext, source: FigureRun, signal: AbortSignal) => Promise<{ data: Data; seed: number }>
}

/** A model without a colour of its own. */
export const plainModel = (label: string): FigureModel => ({ label, colour: null })
