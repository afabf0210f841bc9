import { shortened } from './issues.js'

/** One class of error for the whole program, with a closed table of codes that people can look up. */

/** Every way in which the workbench refuses or fails: a title for headings, and advice that says what to do next. */
export const ERRORS = {
  'usage': { title: 'The command was not understood', advice: 'Run the command with --help to see what it takes.', exitCode: 2 },
  'spec.invalid': { title: 'The experiment does not fit its form', advice: 'Correct the fields named in the message.', exitCode: 2 },
  'spec.unknownKey': { title: 'The experiment has a key that is not known', advice: 'Remove the key or correct its spelling; nothing is ignored in silence.', exitCode: 2 },
  'spec.newerVersion': { title: 'The experiment comes from a newer version', advice: 'Update the workbench, or write the experiment anew in the older form.', exitCode: 2 },
  'dataset.missing': { title: 'The dataset is not here', advice: 'Import its official archive, download it, or name its folder with --data.', exitCode: 2 },
  'dataset.truncated': { title: 'A dataset file ends too early', advice: 'Fetch the file again; the one given is incomplete.', exitCode: 2 },
  'dataset.foreign': { title: 'The file is not the archive that it should be', advice: 'Give the official archive: cifar-10-binary.tar.gz, or the four idx.gz files of MNIST.', exitCode: 2 },
  'dataset.checksum': { title: 'A dataset file has the wrong checksum', advice: 'Fetch the file again; its bytes are not those that were published.', exitCode: 2 },
  'dataset.download': { title: 'The download did not finish', advice: 'Try again to resume where it stopped, or import the archive by hand.', exitCode: 1 },
  'dataset.blackImage': { title: 'An image is all black and cannot be normalised', advice: 'Remove the image; its Lp norm is zero.', exitCode: 2 },
  'file.unreadable': { title: 'A file or folder cannot be read', advice: 'Check that it exists and that you may read it.', exitCode: 2 },
  'file.invalid': { title: 'The file is damaged or of another kind', advice: 'Check that it was copied completely, or save it again; nothing was imported.', exitCode: 2 },
  'file.unwritable': { title: 'A file or folder cannot be written', advice: 'Check its permissions, or choose another folder.', exitCode: 1 },
  'file.exists': { title: 'The file already exists', advice: 'Choose another name, or overwrite it with --force.', exitCode: 2 },
  'file.isFolder': { title: 'A folder is in the place of a file', advice: 'Name a file in this folder, or choose another place.', exitCode: 2 },
  'file.notFolder': { title: 'A file is in the place of a folder', advice: 'Choose another folder, or move the file away first.', exitCode: 2 },
  'file.ofArchive': { title: 'The path belongs to the archive', advice: 'Choose a folder outside the archive; exports never change its files.', exitCode: 2 },
  'file.diskFull': { title: 'The disk is full', advice: 'Free some space and resume the run; what was stored before is intact.', exitCode: 1 },
  'file.damaged': { title: 'A stored file is damaged', advice: 'Restore it from a backup, or resume the run from an earlier checkpoint.', exitCode: 1 },
  'model.foreign': { title: 'The model file has another type', advice: 'Give a file that holds the type named in the message.', exitCode: 2 },
  'model.unsafePickle': { title: 'The model file asks to run code', advice: 'Load it in Python where you trust it, and save the model\'s state dictionary: tensors, numbers and texts only.', exitCode: 2 },
  'model.missing': { title: 'There is no such model', advice: 'List the models with `lab models list`, or give the path of a model file.', exitCode: 2 },
  'model.exists': { title: 'Another model has this name', advice: 'Choose another name with --name, or remove the other one first.', exitCode: 2 },
  'archive.busy': { title: 'The archive is in use by another workbench', advice: 'Close the other one, or choose another archive folder.', exitCode: 1 },
  'archive.readOnly': { title: 'The archive is open for reading only', advice: 'Run a command that may change the archive, on a disk that can be written.', exitCode: 1 },
  'archive.newerVersion': { title: 'The archive was written by a newer version', advice: 'Update the workbench; nothing was changed.', exitCode: 1 },
  'run.missing': { title: 'There is no such run', advice: 'List the runs with `lab list`.', exitCode: 2 },
  'run.state': { title: 'The run is not in a state that allows this', advice: 'Look at the state of the run; a finished run cannot be paused, a running one cannot be removed.', exitCode: 2 },
  'run.kind': { title: 'The run is of another kind', advice: 'Name a run of the kind that the message asks for; `lab list` shows them.', exitCode: 2 },
  'run.nothingToShow': { title: 'The run has not stored what was asked for', advice: 'Let the run go on until the first measurement, or measure now.', exitCode: 2 },
  'run.notANumber': { title: 'A value became NaN', advice: 'Lower the learning rate, or raise the spread of the first weights; the last good checkpoint is kept.', exitCode: 1 },
  'run.interrupted': { title: 'The run was interrupted', advice: 'Resume it; it continues to the same numbers.', exitCode: 130 },
  'probe.window': { title: 'The window holds too few points', advice: 'Choose a window with at least three ranks inside the spectrum.', exitCode: 2 },
  'probe.nothingToFit': { title: 'There is nothing to fit', advice: 'Read the message: the layer may be flat or not have learnt. Train longer or with another seed.', exitCode: 1 },
  'probe.grid': { title: 'The sizes do not rise', advice: 'Give a grid whose sizes rise from first to last; a logarithmic one starts above 0.', exitCode: 2 },
  'probe.noneCorrect': { title: 'No image is classified correctly', advice: 'Train the model further, take more images, or check that it was trained on this dataset.', exitCode: 1 },
  'probe.notANumber': { title: 'A probe met a number that is not finite', advice: 'The parameters or the activation of the model give no finite numbers. Look for very large weights (`lab models show`), and use a whole exponent for tanh.', exitCode: 1 },
  'probe.anchors': { title: 'The anchors span no plane', advice: 'Choose three images, or two directions, that do not lie on one line.', exitCode: 2 },
  'probe.missing': { title: 'There is no such result', advice: 'List the results of this kind; it may have been removed.', exitCode: 2 },
  'probe.changed': { title: 'A model is not what it was', advice: 'Start a new sweep; the model was trained further or replaced since this one began.', exitCode: 1 },
  'probe.state': { title: 'The sweep is not in a state that allows this', advice: 'A finished sweep cannot be paused, a running one cannot be removed.', exitCode: 2 },
  'replay.missing': { title: 'There is no such replay', advice: 'Start it with this scale and seed.', exitCode: 2 },
  'replay.state': { title: 'The replay is not in a state that allows this', advice: 'One replay computes at a time; pause it before another begins.', exitCode: 2 },
  'shape.mismatch': { title: 'Shapes do not fit together', advice: 'Check that the layer was trained on images of this size.', exitCode: 2 },
  'value.range': { title: 'A value is out of its range', advice: 'Use a value inside the range named in the message.', exitCode: 2 },
  'executor.unavailable': { title: 'The executor cannot run here', advice: 'Run `lab doctor` to see which executors can, and what the others miss.', exitCode: 1 },
  'executor.failed': { title: 'The executor failed while computing', advice: 'Resume the run with another executor (`lab resume RUN --executor NAME`); `lab doctor` tests each.', exitCode: 1 },
  'executor.deviceLost': { title: 'The graphics processor disappeared', advice: 'Resume the run from its last checkpoint, with another executor (`lab resume RUN --executor NAME`) if the device stays away.', exitCode: 1 },
  'executor.memory': { title: 'There is not enough memory', advice: 'Use fewer hidden units or smaller batches, close other programs, or compute on another machine.', exitCode: 1 },
  'trace.valueRead': { title: 'A compiled function reads a value while it is compiled', advice: 'Return the tensor as an output, or choose with `where` instead of `if`.', exitCode: 1 },
  'trace.random': { title: 'A compiled function draws random numbers', advice: 'Draw them outside and pass them as an input; else every call would see the same ones.', exitCode: 1 },
  'trace.unmapped': { title: 'An operation has no form in ONNX', advice: 'Write it with operations of the kernel table (engine/executor/trace/kernels), or add a row and its test.', exitCode: 1 },
  'trace.function': { title: 'A function cannot be compiled', advice: 'Compile synchronous functions that take and return tensors, and call compiled ones from outside.', exitCode: 1 },
  'tensorflow.install': { title: 'TensorFlow was not installed', advice: 'Read the message; nothing was changed. Try `lab tensorflow install` again when its cause is gone.', exitCode: 1 },
  'figure.unsupported': { title: 'The figure holds something that the format cannot', advice: 'Choose another format, or report the figure as a defect.', exitCode: 1 },
  'figure.results': { title: 'The results do not make this figure', advice: 'Name results as the message says; `lab figure --help` tells what each figure is made of.', exitCode: 2 },
  'serve.port': { title: 'The port cannot be used', advice: 'Choose another one with --port, or 0 for any free port.', exitCode: 2 },
  'link.lost': { title: 'The connection to the workbench was lost', advice: 'It is tried again by itself; runs go on meanwhile.', exitCode: 1 },
  'link.refused': { title: 'The workbench refused the connection', advice: 'Open the address that `lab serve` or `npm start` printed; it carries the token.', exitCode: 1 },
  'link.unknownCommand': { title: 'The workbench does not know this command', advice: 'Reload the window; it may be older than the workbench that serves it.', exitCode: 1 },
  'cancelled': { title: 'Cancelled', advice: 'Start it again when you wish.', exitCode: 130 },
  'internal': { title: 'Something went wrong inside the workbench', advice: 'Please report this with the details; nothing that was stored is lost.', exitCode: 1 },
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
    this.details = Object.fromEntries(Object.entries(details).map(([name, value]) => [name, typeof value === 'string' ? shortened(value, LONGEST_DETAIL) : value]))
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
  ENOSPC: 'file.diskFull', EDQUOT: 'file.diskFull', EACCES: 'file.unwritable', EPERM: 'file.unwritable', EROFS: 'file.unwritable',
  ENOENT: 'file.unreadable', ENOTDIR: 'file.unreadable', EISDIR: 'file.unreadable', ENAMETOOLONG: 'file.unreadable', ELOOP: 'file.unreadable',
  EMFILE: 'file.unreadable', ENFILE: 'file.unreadable', EIO: 'file.unreadable', ENXIO: 'file.unreadable',
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
