import { shortened } from './issues.js'

/** One class of error for the whole program, with a closed table of codes that people can look up. */

/** Every way in which the workbench refuses or fails: a title for headings, and advice that says what to do next. */
export const ERRORS = {
  usage: {
    title: 'The command was not understood',
    advice: 'Run the command with --help to see its arguments and options.',
    exitCode: 2,
  },
  'query.invalid': {
    title: 'The query cannot be read',
    advice: 'Correct the marked part of the query; `lab list --help` shows its form.',
    exitCode: 2,
  },
  'library.nothingToUndo': {
    title: 'There is nothing to undo or redo',
    advice: '`lab history` lists the edits of the library.',
    exitCode: 2,
  },
  'library.needed': {
    title: 'A run is still needed',
    advice: 'Wait for the work that the message names, or remove it first. Nothing was moved to the trash.',
    exitCode: 2,
  },
  'spec.invalid': {
    title: 'The experiment is not valid',
    advice: 'Correct the fields that the message names.',
    exitCode: 2,
  },
  'spec.unknownKey': {
    title: 'The experiment has an unknown key',
    advice: 'Remove the key or correct its spelling; unknown keys are never ignored silently.',
    exitCode: 2,
  },
  'spec.newerVersion': {
    title: 'The experiment was written by a newer version',
    advice: 'Update the workbench, or rewrite the experiment in the older format.',
    exitCode: 2,
  },
  'dataset.missing': {
    title: 'The dataset is not available',
    advice: 'Import its official archive, download it, or pass its folder with --data.',
    exitCode: 2,
  },
  'dataset.truncated': {
    title: 'A dataset file is truncated',
    advice: 'Download the file again; this copy is incomplete.',
    exitCode: 2,
  },
  'dataset.foreign': {
    title: 'The file is not the expected dataset archive',
    advice: 'Use the official archive: cifar-10-binary.tar.gz, or the four idx.gz files of MNIST.',
    exitCode: 2,
  },
  'dataset.checksum': {
    title: 'A dataset file has the wrong checksum',
    advice: 'Download the file again; its contents differ from the published file.',
    exitCode: 2,
  },
  'dataset.download': {
    title: 'The download did not finish',
    advice: 'Try again to resume where it stopped, or import the archive manually.',
    exitCode: 1,
  },
  'dataset.blackImage': {
    title: 'An image is completely black and cannot be normalised',
    advice: 'Remove the image; its Lp norm is zero.',
    exitCode: 2,
  },
  'file.unreadable': {
    title: 'A file or folder cannot be read',
    advice: 'Check that it exists and that you have permission to read it.',
    exitCode: 2,
  },
  'file.invalid': {
    title: 'The file is damaged or has the wrong format',
    advice: 'Check that it was copied completely, or save it again. Nothing was imported.',
    exitCode: 2,
  },
  'file.unwritable': {
    title: 'A file or folder cannot be written',
    advice: 'Check its permissions, or choose another folder.',
    exitCode: 1,
  },
  'file.exists': {
    title: 'The file already exists',
    advice: 'Choose another name, or overwrite it with --force.',
    exitCode: 2,
  },
  'file.isFolder': {
    title: 'The path is a folder, not a file',
    advice: 'Choose a file in this folder, or another path.',
    exitCode: 2,
  },
  'file.notFolder': {
    title: 'The path is a file, not a folder',
    advice: 'Choose another folder, or move the file first.',
    exitCode: 2,
  },
  'file.ofArchive': {
    title: 'The path is inside the archive',
    advice: 'Choose a folder outside the archive; exports never change the archive’s files.',
    exitCode: 2,
  },
  'file.diskFull': {
    title: 'The disk is full',
    advice: 'Free some space and resume the run; everything stored so far is intact.',
    exitCode: 1,
  },
  'file.damaged': {
    title: 'A stored file is damaged',
    advice: 'Restore it from a backup, or resume the run from an earlier checkpoint.',
    exitCode: 1,
  },
  'model.foreign': {
    title: 'The model has the wrong type',
    advice: 'Choose a model of the type named in the message.',
    exitCode: 2,
  },
  'model.unsafePickle': {
    title: 'The model file would run code',
    advice:
      "If you trust the file, load it in Python and save the model's state dictionary: tensors, numbers and strings only.",
    exitCode: 2,
  },
  'model.missing': {
    title: 'The model was not found',
    advice: 'List the models with `lab models list`, or pass the path of a model file.',
    exitCode: 2,
  },
  'model.exists': {
    title: 'Another model has this name',
    advice: 'Choose another name with --name, or remove the other one first.',
    exitCode: 2,
  },
  'archive.busy': {
    title: 'Another workbench has this archive open',
    advice:
      'Close the other workbench, or choose another archive folder. If it no longer runs or does not respond, add --take-over: the other workbench then stops writing, and its jobs end as interrupted.',
    exitCode: 1,
  },
  'archive.lost': {
    title: 'Another workbench has taken over the archive',
    advice: 'Close this workbench and open the archive again; its jobs can be resumed from their last checkpoint.',
    exitCode: 1,
  },
  'archive.ownerEnded': {
    title: 'The workbench that carried out the command has ended',
    advice:
      'Run `lab list` to see how far it came. A run that was computing is interrupted; resume it with `lab resume RUN`.',
    exitCode: 1,
  },
  'archive.readOnly': {
    title: 'The archive is open read-only',
    advice: 'Use a command that may change the archive, and make sure that its disk is writable.',
    exitCode: 1,
  },
  'archive.newerVersion': {
    title: 'The archive was written by a newer version',
    advice: 'Update the workbench. Nothing was changed.',
    exitCode: 1,
  },
  'run.missing': { title: 'The run was not found', advice: 'List the runs with `lab list`.', exitCode: 2 },
  'run.imported': {
    title: 'The run was imported from another program',
    advice:
      'Imported runs are read-only: they have curves and settings, but no specification and no model. Choose a run of this program.',
    exitCode: 2,
  },
  'run.state': {
    title: 'The run is in the wrong state for this action',
    advice: 'Check the state of the run: a finished run cannot be paused, and a running one cannot be deleted.',
    exitCode: 2,
  },
  'run.kind': {
    title: 'The run is of the wrong kind',
    advice: 'Choose a run of the kind named in the message; `lab list` shows all runs.',
    exitCode: 2,
  },
  'run.nothingToShow': {
    title: 'The run has not stored the requested data',
    advice: 'Let the run continue to its first measurement, or measure now.',
    exitCode: 2,
  },
  'run.notANumber': {
    title: 'A value became NaN',
    advice: 'Lower the learning rate, or increase the initial weight spread. The last good checkpoint is kept.',
    exitCode: 1,
  },
  'run.interrupted': {
    title: 'The run was interrupted',
    advice: 'Resume it; the results will be the same as without the interruption.',
    exitCode: 130,
  },
  'probe.window': {
    title: 'The fit window contains too few points',
    advice: 'Choose a window that contains at least three ranks of the spectrum.',
    exitCode: 2,
  },
  'probe.nothingToFit': {
    title: 'There is nothing to fit',
    advice: 'The layer may not have learned anything. Train longer, or with another seed.',
    exitCode: 1,
  },
  'probe.grid': {
    title: 'The ε values are not increasing',
    advice: 'Use a grid of increasing ε values; a logarithmic grid must start above 0.',
    exitCode: 2,
  },
  'probe.noneCorrect': {
    title: 'No image is classified correctly',
    advice: 'Train the model longer, use more images, or check that the model was trained on this dataset.',
    exitCode: 1,
  },
  'probe.notANumber': {
    title: 'A measurement is not finite',
    advice:
      'The model’s parameters or its activation function produce NaN or infinite values. Look for very large weights (`lab models show`), and use a whole exponent with tanh.',
    exitCode: 1,
  },
  'probe.anchors': {
    title: 'The anchors do not span a plane',
    advice: 'Choose three images, or two directions, that are not collinear.',
    exitCode: 2,
  },
  'probe.missing': {
    title: 'The result was not found',
    advice: 'It may have been removed. Choose one of the available results.',
    exitCode: 2,
  },
  'probe.changed': {
    title: 'A model has changed',
    advice: 'Start a new sweep: the model was trained further or replaced after this one started.',
    exitCode: 1,
  },
  'probe.state': {
    title: 'The sweep is in the wrong state for this action',
    advice: 'A finished sweep cannot be paused, and a running one cannot be removed.',
    exitCode: 2,
  },
  'replay.missing': {
    title: 'The replay was not found',
    advice: 'Start a replay with this scale and seed.',
    exitCode: 2,
  },
  'replay.state': {
    title: 'The replay is in the wrong state for this action',
    advice: 'Only one replay can run at a time; pause it before you start another.',
    exitCode: 2,
  },
  'shape.mismatch': {
    title: 'Shapes do not match',
    advice: 'Check that the model was trained on images of this size.',
    exitCode: 2,
  },
  'value.range': {
    title: 'A value is out of range',
    advice: 'Use a value within the range named in the message.',
    exitCode: 2,
  },
  'executor.unavailable': {
    title: 'The backend is not available',
    advice: 'Run `lab doctor` to see which backends work and what the others need.',
    exitCode: 1,
  },
  'executor.busy': {
    title: 'The backend is busy',
    advice:
      'Wait until the job has finished, pause it, or use the backend auto, which computes on WebAssembly meanwhile.',
    exitCode: 1,
  },
  'executor.failed': {
    title: 'The backend failed during a computation',
    advice: 'Resume the run with another backend (`lab resume RUN --executor NAME`); `lab doctor` tests each one.',
    exitCode: 1,
  },
  'executor.deviceLost': {
    title: 'The GPU was lost',
    advice:
      'Resume the run from its last checkpoint; if the GPU does not come back, use another backend (`lab resume RUN --executor NAME`).',
    exitCode: 1,
  },
  'executor.memory': {
    title: 'There is not enough memory',
    advice: 'Use fewer hidden units or smaller batches, close other programs, or use another machine.',
    exitCode: 1,
  },
  'trace.valueRead': {
    title: 'A function reads a value while it is being compiled',
    advice: 'Return the tensor as an output, or choose with `where` instead of `if`.',
    exitCode: 1,
  },
  'trace.random': {
    title: 'A compiled function draws random numbers',
    advice:
      'Draw them outside the function and pass them as an input; otherwise every call would use the same numbers.',
    exitCode: 1,
  },
  'trace.unmapped': {
    title: 'An operation cannot be expressed in ONNX',
    advice: 'Use operations of the kernel table (engine/executor/trace/kernels), or add a row and a test for it.',
    exitCode: 1,
  },
  'trace.function': {
    title: 'A function cannot be compiled',
    advice:
      'Compile only synchronous functions that take and return tensors, and call compiled functions from outside.',
    exitCode: 1,
  },
  'tensorflow.install': {
    title: 'TensorFlow was not installed',
    advice: 'Nothing was changed. Fix the cause given in the message, then run `lab tensorflow install` again.',
    exitCode: 1,
  },
  'figure.unsupported': {
    title: 'The figure contains something that this format does not support',
    advice: 'Choose another format, or report this as a bug.',
    exitCode: 1,
  },
  'figure.results': {
    title: 'The figure cannot be drawn from these results',
    advice: 'Choose results as described in the message; `lab figure --help` lists what each figure needs.',
    exitCode: 2,
  },
  'serve.port': {
    title: 'The port is not available',
    advice: 'Choose another port with --port, or use 0 for any free port.',
    exitCode: 2,
  },
  'link.lost': {
    title: 'The connection to the workbench was lost',
    advice: 'The window reconnects automatically; runs continue meanwhile.',
    exitCode: 1,
  },
  'link.refused': {
    title: 'The workbench refused the connection',
    advice: 'Open the address printed by `lab serve` or `npm start`; it contains the access token.',
    exitCode: 1,
  },
  'link.unknownCommand': {
    title: 'The workbench does not know this command',
    advice: 'Reload the window; it may be older than the running workbench.',
    exitCode: 1,
  },
  cancelled: { title: 'Cancelled', advice: 'Start it again if you still need the result.', exitCode: 130 },
  internal: {
    title: 'Something went wrong inside the workbench',
    advice: 'Please report this with the details. Stored data are not affected.',
    exitCode: 1,
  },
} as const satisfies Record<string, { title: string; advice: string; exitCode: number }>

/** A code of {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS

/** Plain data that explains an error: paths, values, steps. */
export type ErrorDetails = Record<string, string | number | boolean | null>

/** What crosses a process boundary in place of an error. */
export interface WireError {
  code: ErrorCode
  message: string
  details: ErrorDetails
  stack: string | null
}

/** Inputs are quoted in messages, and an input may have any length. */
const LONGEST_MESSAGE = 4000
const LONGEST_DETAIL = 8000

/**
 * The one error class of the workbench.
 *
 * @param code - a key of {@link ERRORS}; title and advice follow from it
 * @param message - the fact in one sentence, with the offending value: `expected epsilon in [0, 1], got 8; did you mean 8/255?`; cut at 4000 characters
 * @param details - plain values for machines and for "Copy details"
 * @param cause - what was caught, if anything
 */
export class LabError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(shortened(message, LONGEST_MESSAGE), cause === undefined ? undefined : { cause })
    this.name = 'LabError'
    this.code = code
    this.details = Object.fromEntries(
      Object.entries(details).map(([name, value]) => [
        name,
        typeof value === 'string' ? shortened(value, LONGEST_DETAIL) : value,
      ]),
    )
  }

  get title(): string {
    return ERRORS[this.code].title
  }

  get advice(): string {
    return ERRORS[this.code].advice
  }

  get exitCode(): number {
    return ERRORS[this.code].exitCode
  }
}

const SYSTEM_CODES: Record<string, ErrorCode> = {
  ENOSPC: 'file.diskFull',
  EDQUOT: 'file.diskFull',
  EACCES: 'file.unwritable',
  EPERM: 'file.unwritable',
  EROFS: 'file.unwritable',
  ENOENT: 'file.unreadable',
  ENOTDIR: 'file.unreadable',
  EISDIR: 'file.unreadable',
  ENAMETOOLONG: 'file.unreadable',
  ELOOP: 'file.unreadable',
  EMFILE: 'file.unreadable',
  ENFILE: 'file.unreadable',
  EIO: 'file.unreadable',
  ENXIO: 'file.unreadable',
}

/** Turns anything thrown into a {@link LabError}; a Node system error keeps its meaning (a full disk, a missing file). */
export function asLabError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown
  if (thrown instanceof Error) {
    const systemCode = 'code' in thrown && typeof thrown.code === 'string' ? SYSTEM_CODES[thrown.code] : undefined
    return new LabError(systemCode ?? 'internal', thrown.message, {}, thrown)
  }
  return new LabError('internal', String(thrown))
}

/** The plain form of an error, for IPC, WebSocket and `run.json`. */
export function toWireError(thrown: unknown): WireError {
  const error = asLabError(thrown)
  const origin = error.cause instanceof Error ? error.cause : error
  return { code: error.code, message: error.message, details: error.details, stack: origin.stack ?? null }
}

/** The error that {@link toWireError} was made from; a code from another version becomes `internal`. */
export function fromWireError(wire: WireError): LabError {
  const code: ErrorCode = Object.hasOwn(ERRORS, wire.code) ? wire.code : 'internal'
  const error = new LabError(code, wire.message, wire.details)
  if (wire.stack !== null) error.stack = wire.stack
  return error
}
