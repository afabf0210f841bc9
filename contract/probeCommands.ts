import type { Command } from './command.js'
import type { PlaneId, PlanePoint, PlanePointRequest, PlaneRequest, PlaneResult, PlaneSummary } from './plane.js'
import type {
  CardRequest,
  Gallery,
  GalleryRequest,
  PartialPass,
  RobustnessCard,
  RobustnessRequest,
  RobustnessResult,
  SweepId,
  SweepRecord,
} from './robustness.js'
import type {
  ModelSpectrum,
  SpectrumFits,
  SpectrumId,
  SpectrumRequest,
  SpectrumSummary,
  WindowMap,
} from './spectrum.js'

/** Commands of the probes. Long ones send `lab.progress`; sweeps send `robustness.changed` and stay on disk while they run. */
export interface ProbeCommands {
  /** Stores the sweep and puts it in line; it goes on when the window closes and can be paused. */
  'robustness.run': Command<RobustnessRequest, SweepRecord>
  'robustness.list': Command<null, SweepRecord[]>
  /** With the passes that are finished: one for each model and seed. */
  'robustness.get': Command<{ id: SweepId }, RobustnessResult>
  /** The pass that is in progress, as far as it is stored; null where none is begun. */
  'robustness.partialPass': Command<{ id: SweepId }, PartialPass | null>
  'robustness.pause': Command<{ id: SweepId }, SweepRecord>
  'robustness.resume': Command<{ id: SweepId }, SweepRecord>
  'robustness.remove': Command<{ id: SweepId }, null>
  'robustness.gallery': Command<GalleryRequest, Gallery>
  'robustness.card': Command<CardRequest, RobustnessCard>

  /** Measures, or reads back what was measured of this very model before. */
  'spectrum.ofModel': Command<SpectrumRequest, ModelSpectrum>
  'spectrum.list': Command<null, SpectrumSummary[]>
  'spectrum.get': Command<{ id: SpectrumId }, ModelSpectrum>
  'spectrum.remove': Command<{ id: SpectrumId }, null>
  /** Every number of a window, while it is dragged. */
  /** `rank`: numerical rank, after which no eigenvalue is fitted. */
  'spectrum.fits': Command<{ eigenvalues: Float64Array; window: readonly [number, number]; rank: number }, SpectrumFits>
  'spectrum.map': Command<{ eigenvalues: Float64Array; size: number; rank: number }, WindowMap>

  'plane.compute': Command<PlaneRequest, PlaneResult>
  'plane.list': Command<null, PlaneSummary[]>
  'plane.get': Command<{ id: PlaneId }, PlaneResult>
  'plane.remove': Command<{ id: PlaneId }, null>
  'plane.point': Command<PlanePointRequest, PlanePoint>
}

/** Events of the probes. */
export interface ProbeEvents {
  'robustness.changed': { record: SweepRecord }
  'robustness.removed': { id: SweepId }
  /** A coarse map ahead of the one that `plane.compute` answers with. */
  'plane.coarse': { ticket: string; result: PlaneResult }
}
