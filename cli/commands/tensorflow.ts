import type { Command } from 'commander'
import { resolve } from 'node:path'
import { installTensorflow, removeTensorflow, type InstallOptions } from '../../lab/tensorflow/install.js'
import { tensorflowFolder } from '../../lab/tensorflow/installation.js'
import { bytesText, createOutput, reportFailure, type Output, type ProgressBar } from '../output.js'
import { list } from './options.js'

interface InstallWords {
  gpu?: boolean
  wheel: string[]
  /** False with `--no-cuda-libraries`. */
  cudaLibraries: boolean
  json?: boolean
}

/** Runs a command that opens no archive: a workbench may be open meanwhile. */
async function runAlone(
  json: boolean,
  action: (output: Output, signal: AbortSignal) => Promise<unknown>,
): Promise<number> {
  const ending = new AbortController()
  const end = (): void => ending.abort()
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  try {
    const output = createOutput(json)
    output.result(await action(output, ending.signal))
    return 0
  } catch (error) {
    return reportFailure(error, json)
  } finally {
    process.off('SIGINT', end)
    process.off('SIGTERM', end)
  }
}

/** One bar after the other, each for what is in progress. */
function barsOf(output: Output): InstallOptions['progress'] & { finish(): void } {
  let open: { label: string; total: number; bar: ProgressBar } | null = null
  const finish = (): void => {
    open?.bar.finish(bytesText(open.total))
    open = null
  }
  return {
    say: (text) => {
      finish()
      output.line(text)
    },
    bytes: (label, done, total) => {
      // A length that is not known yet: the bar begins when it is.
      if (total === null) return
      if (open?.label !== label) {
        finish()
        open = { label, total, bar: output.progress(label, total) }
      }
      open.bar.update(Math.min(done, total), bytesText(Math.min(done, total)))
    },
    finish,
  }
}

/** `lab tensorflow install|remove`. */
export function addTensorflowCommands(program: Command, exit: (code: number) => void): void {
  const tensorflow = program.command('tensorflow').description('install or remove the TensorFlow backend')

  tensorflow
    .command('install')
    .description('download TensorFlow from PyPI and compile its add-on; needs Linux and a C++ compiler, but no Python')
    .option('--gpu', 'install the CUDA build with the CUDA libraries (3 GB); needs only the NVIDIA driver')
    .option('--wheel <file>', 'use a wheel downloaded elsewhere: TensorFlow, or a CUDA library; repeatable', list, [])
    .option('--no-cuda-libraries', 'with --gpu: use the CUDA libraries of the system')
    .option('--json', 'write one JSON document to standard output, and everything else to standard error')
    .action(async (options: InstallWords) => {
      exit(
        await runAlone(options.json === true, async (output, signal) => {
          const folder = tensorflowFolder()
          const started = performance.now()
          const progress = barsOf(output)
          const { manifest } = await installTensorflow({
            folder,
            build: options.gpu === true ? 'cuda' : 'cpu',
            wheels: options.wheel.map((path) => resolve(path)),
            cudaLibraries: options.cudaLibraries,
            environment: process.env,
            signal,
            progress,
          }).finally(progress.finish)
          const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
          output.line(
            `TensorFlow ${manifest.tensorflow}${manifest.build === 'cuda' ? ' for CUDA' : ''} was installed in ${folder} (${bytesText(bytes)}, ${Math.round((performance.now() - started) / 1000)} s); the backend is called tensorflow${manifest.build === 'cuda' ? '-gpu' : ''}.`,
          )
          return { folder, bytes, ...manifest }
        }),
      )
    })

  tensorflow
    .command('remove')
    .description('remove everything that `lab tensorflow install` installed')
    .option('--json', 'write one JSON document to standard output, and everything else to standard error')
    .action(async (options: { json?: boolean }) => {
      exit(
        await runAlone(options.json === true, async (output) => {
          const folder = tensorflowFolder()
          const removed = await removeTensorflow(folder)
          output.line(removed ? `TensorFlow was removed from ${folder}.` : `TensorFlow is not installed in ${folder}.`)
          return { folder, removed }
        }),
      )
    })
}
