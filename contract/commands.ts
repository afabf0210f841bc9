import type { DatasetKind, DatasetSamples, DatasetSpec, DatasetSplit, DatasetStatus } from './dataset.js'
import type { DoctorReport, LabInfo, LabSettings, LabVitals } from './doctor.js'
import type { Command } from './command.js'
import type { ExecutorName } from './common.js'
import type { ExperimentSpec, Preset } from './experiment.js'
import type { ExportedFigure, FigureFormat, FigureName, FigureSource, PreflightFinding, StyleName } from './figure.js'
import type { Looks, LookRequest } from './looks.js'
import type { ArrayName, ArrayRecord, MetricColumns, MetricName, MetricRecord } from './measure.js'
import type { ModelFormat } from './model.js'
import type {
  EvaluationRequest,
  ExportedModel,
  ModelEntry,
  ModelEvaluation,
  ModelSource,
  ModelView,
} from './modelRegistry.js'
import type { CompareCommands } from './compare/request.js'
import type { LibraryCommands, LibraryEvents } from './library/commands.js'
import type { ProbeCommands, ProbeEvents } from './probeCommands.js'
import type { PruningPlan, PruningRecord, PruningRequest } from './pruning.js'
import type { ReplayCommands, ReplayEvents } from './replay.js'
import type { RunColumns, RunEstimate, RunFile, RunNotice, RunPage, RunRecord, UnitImages, UnitTable } from './run.js'
import type { RunId } from './runId.js'
import type { SpectrumResult, SpectrumSource } from './spectrum.js'

/** Every command of the lab: what the window can ask, the command line can too. `lab/lab.ts` holds one handler each. */
export interface Commands extends CompareCommands, LibraryCommands, ProbeCommands, ReplayCommands {
  'lab.info': Command<null, LabInfo>
  'lab.vitals': Command<null, LabVitals>
  /** Long commands that compute now, oldest first; `activity.changed` reports every change. */
  'activity.list': Command<null, Activity[]>
  'lab.doctor': Command<null, DoctorReport>
  'settings.get': Command<null, LabSettings>
  'settings.set': Command<Partial<LabSettings>, LabSettings>
  'preset.list': Command<null, Preset[]>
  /** Gives a colour and dash to what has none yet, for life; answers with those of all that were asked for. */
  'look.assign': Command<{ things: LookRequest[] }, Looks>

  'run.estimate': Command<{ spec: ExperimentSpec }, RunEstimate>
  /** `next` puts the run at the head of the queue; `seeds` submits that number of runs with consecutive seeds and returns the first. */
  'run.submit': Command<{ spec: ExperimentSpec; next?: boolean; seeds?: number }, RunRecord>
  /** Newest first, without those in the trash. A page has at most `count` runs and begins with the one after `after`, or with the newest. */
  'run.list': Command<RunPage | null, RunRecord[]>
  'run.get': Command<{ id: RunId }, { record: RunRecord; spec: ExperimentSpec }>
  /** What lists show of specifications, for all runs (`ids` null) or some; a run whose specification cannot be read is left out. */
  'run.columns': Command<{ ids: RunId[] | null }, Record<RunId, RunColumns>>
  /** Specifications of up to 500 runs; one that cannot be read is left out. */
  'run.specs': Command<{ ids: RunId[] }, Record<RunId, ExperimentSpec>>
  'run.pause': Command<{ id: RunId }, RunRecord>
  /** `executor` takes the place of the specification's from here on. */
  'run.resume': Command<{ id: RunId; executor?: ExecutorName | 'auto' }, RunRecord>
  'run.stop': Command<{ id: RunId }, RunRecord>
  'run.remove': Command<{ id: RunId }, null>
  'run.rename': Command<{ id: RunId; name: string; tags?: string[] }, RunRecord>
  'run.metrics': Command<{ id: RunId; names: MetricName[] | null }, Partial<Record<MetricName, MetricColumns>>>
  'run.arrayEpochs': Command<{ id: RunId; name: ArrayName }, number[]>
  /** `epoch` null asks for the last one. */
  'run.array': Command<{ id: RunId; name: ArrayName; epoch: number | null }, ArrayRecord>
  'run.units': Command<{ id: RunId }, UnitTable>
  'run.unitImages': Command<{ id: RunId; unit: number; count: number; split: DatasetSplit }, UnitImages>
  'run.notices': Command<{ id: RunId }, RunNotice[]>
  'run.files': Command<{ id: RunId }, RunFile[]>
  /** The waiting runs in their order; `queue.changed` reports every later change. */
  'queue.get': Command<null, { ids: RunId[]; held: boolean }>
  /** Hold the queue, or let it go on; reorder the waiting runs. */
  'queue.hold': Command<{ held: boolean }, null>
  'queue.order': Command<{ ids: RunId[] }, null>

  /** `images` null takes the run's own probe setting. `window` counts ranks from 1, both ends included. */
  'spectrum.measure': Command<
    {
      id: RunId
      layer: 'raw' | 'pruned'
      source: SpectrumSource
      images: number | null
      window: readonly [number, number]
    },
    SpectrumResult
  >
  'spectrum.fit': Command<{ eigenvalues: Float64Array; window: readonly [number, number] }, SpectrumResult['fit']>
  /**
   * `cutoff` null lets the mixture decide; a number is a manual cutoff on the variance. With `offNorm` units whose norm is
   * further than this from R are removed too.
   */
  'prune.plan': Command<PruningRequest, PruningPlan>
  'prune.apply': Command<PruningRequest, PruningRecord>

  /** The figure as SVG text for the screen, with its size in millimetres and its findings. */
  'figure.render': Command<
    { figure: FigureName; source: FigureSource; style: StyleName },
    { svg: string; widthMm: number; heightMm: number; findings: PreflightFinding[] }
  >
  /**
   * Writes files into `folder`; without one into the run's `figures/`, or into `figures/` of the archive for a figure of no run.
   * In `folder` an earlier export of this figure is replaced, other files with `overwrite` alone.
   */
  'figure.export': Command<
    {
      figure: FigureName
      source: FigureSource
      style: StyleName
      formats: FigureFormat[]
      folder: string | null
      dpi: number
      overwrite?: boolean
    },
    ExportedFigure[]
  >
  /** The bytes of a file that `figure.export` wrote into the archive, for a download in the browser; `run` null for a figure of no run. */
  'figure.readFile': Command<{ run: RunId | null; fileName: string }, Uint8Array>
  /** The bytes of a file of a run's folder, for a download in the browser. */
  'run.readFile': Command<{ id: RunId; path: string }, Uint8Array>

  /** Imported models and those of finished runs, newest first. */
  'model.list': Command<null, ModelEntry[]>
  /** `model` is an imported name, a run's id or name, either with `/pruned`, or the path of a model file. */
  'model.get': Command<{ model: string }, ModelView>
  /** `name` null takes the file's. The same bytes under the same name are imported once. */
  /** A part of a model file that is too large for one message; what it answers names the file for `model.import`. */
  'model.upload': Command<{ upload: string | null; bytes: Uint8Array }, { upload: string; bytes: number }>
  'model.import': Command<{ source: ModelSource; name: string | null }, ModelEntry>
  /** Imported ones only; a run's model goes with its run. */
  'model.remove': Command<{ model: string }, null>
  /** `path` null asks for the bytes; a file that exists is replaced with `overwrite` alone. */
  'model.export': Command<
    { model: string; format: ModelFormat; path: string | null; overwrite?: boolean },
    ExportedModel
  >
  /** A classifier before its first step, as a file; what it learns from is not needed. */
  'model.untrained': Command<{ spec: ExperimentSpec; format: ModelFormat }, Uint8Array>
  'model.evaluate': Command<EvaluationRequest, ModelEvaluation>

  'dataset.list': Command<null, DatasetStatus[]>
  /** Folders in which datasets are looked for from here on, until the workbench is closed; answers with all of them. */
  'dataset.addFolders': Command<{ folders: string[] }, string[]>
  'dataset.samples': Command<
    { dataset: DatasetSpec; split: DatasetSplit; offset: number; count: number; label: number | null },
    DatasetSamples
  >
  /** Images by their numbers, in this order. */
  'dataset.images': Command<{ dataset: DatasetSpec; split: DatasetSplit; indices: Int32Array }, DatasetSamples>
  /** `path` is an archive or a folder that holds the files. */
  'dataset.import': Command<{ kind: DatasetKind; path: string }, DatasetStatus>
  'dataset.download': Command<{ kind: DatasetKind }, DatasetStatus>
  'dataset.cancelDownload': Command<{ kind: DatasetKind }, DatasetStatus>
  'dataset.verify': Command<{ kind: DatasetKind }, DatasetStatus>
}
export type CommandName = keyof Commands
export type CommandInput<Name extends CommandName> = Commands[Name]['input']
export type CommandOutput<Name extends CommandName> = Commands[Name]['output']

/** A long command that computes now, whoever asked for it. */
export interface Activity {
  id: number
  command: ActivityCommand
  /** What it works on: a run, a model, a sweep, a figure. */
  subject: string
  startedAt: string
}

/** Commands that take long enough to be shown while they compute. */
export const ACTIVITY_COMMANDS = [
  'spectrum.ofModel',
  'spectrum.measure',
  'plane.compute',
  'robustness.card',
  'robustness.gallery',
  'model.evaluate',
  'prune.apply',
  'figure.render',
  'figure.export',
] as const satisfies readonly CommandName[]
export type ActivityCommand = (typeof ACTIVITY_COMMANDS)[number]

/** A long command reports its progress. */
export interface LabProgress {
  topic:
    | 'dataset.import'
    | 'dataset.download'
    | 'dataset.verify'
    | 'spectrum.measure'
    | 'prune.apply'
    | 'figure.export'
    | 'model.evaluate'
    | 'robustness.gallery'
    | 'robustness.card'
    | 'spectrum.ofModel'
    | 'plane.compute'
  /** Dataset kind, run id or model. */
  subject: string
  done: number
  total: number | null
  unit: 'bytes' | 'images' | 'files' | 'steps' | 'points'
  text: string
}

/** Every event that the lab sends to all its listeners. */
export interface Events extends LibraryEvents, ProbeEvents, ReplayEvents {
  'run.changed': { record: RunRecord }
  'run.removed': { id: RunId }
  /** Metrics as they come, at most 20 times a second, never without the last of an epoch. */
  'run.metrics': { id: RunId; records: MetricRecord[] }
  'run.array': { id: RunId; array: ArrayRecord }
  'run.notice': { id: RunId; notice: RunNotice }
  'queue.changed': { ids: RunId[]; held: boolean }
  'dataset.changed': { status: DatasetStatus }
  /** An imported model came or went; those of runs follow `run.changed`. */
  'model.changed': { name: string }
  'lab.progress': LabProgress
  'settings.changed': LabSettings
  'activity.changed': { activities: Activity[] }
  /** Something was given a look. */
  'look.changed': { looks: Looks }
}
export type EventName = keyof Events
