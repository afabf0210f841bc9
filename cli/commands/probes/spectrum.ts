import type { Command } from 'commander'
import {
  LabError,
  SPECTRUM_LAYERS,
  type ModelSpectrum,
  type PowerLawFit,
  type SpectrumRequest,
} from '../../../contract/index.js'
import { runCommand, type CommandContext } from '../../command.js'
import { integer, integerList, rankWindow, real } from '../options.js'
import {
  addProbeOptions,
  expectOut,
  probeModels,
  probeRequest,
  withProgress,
  writeOut,
  type ProbeOptions,
} from './options.js'

interface SpectrumOptions extends ProbeOptions {
  source: string
  window?: readonly [number, number]
  units?: number[]
  map: number
  bootstrap: number
  level: number
  shuffles: number
  crossValidation?: boolean
  shift: number
  mirror?: boolean
  noise: number
}

async function requestOf(context: CommandContext, options: SpectrumOptions): Promise<SpectrumRequest> {
  const source = SPECTRUM_LAYERS.find((layer) => layer === options.source)
  if (source === undefined)
    throw new LabError('usage', `expected --source ${SPECTRUM_LAYERS.join(', ')}, got ${options.source}`)
  const model =
    source === 'data' && options.model.length === 0
      ? null
      : ((await probeModels(context, options.model))[0]?.model ?? null)
  return {
    model,
    source,
    ...probeRequest(options),
    images: options.images ?? null,
    units: options.units ?? null,
    window: options.window === undefined ? null : [...options.window],
    mapSize: options.map,
    resamples: options.bootstrap,
    level: options.level,
    shuffles: options.shuffles,
    crossValidation:
      options.crossValidation === true
        ? { shift: options.shift, mirror: options.mirror === true, noise: options.noise }
        : null,
    seed: options.seed,
  }
}

const fitText = (fit: PowerLawFit): string =>
  `slope ${fit.slope.toFixed(4)} ± ${fit.standardError.toFixed(4)}, r² ${fit.rSquared.toFixed(4)}, ranks ${fit.window.join(' to ')}`

function lines(spectrum: ModelSpectrum): string[] {
  const {
    fit,
    fitNote,
    curvature,
    densityExponent,
    bootstrap,
    shuffled,
    marchenkoPastur,
    crossValidated,
    mapNote,
    rank,
    warnings,
  } = spectrum
  return [
    `${spectrum.id}: ${spectrum.width} eigenvalues over ${spectrum.images} images, numerical rank ${rank}, participation ratio ${spectrum.participationRatio.toFixed(2)}`,
    ...warnings.map((text) => `WARNING: ${text}`),
    fit === null
      ? `no fit: ${fitNote ?? ''}`
      : `${fitText(fit)}; curvature ${(curvature ?? NaN).toFixed(3)}${densityExponent === null ? '' : `; μ = 1 + 1/α = ${densityExponent.toFixed(3)}`}`,
    ...(bootstrap === null || bootstrap.slope === null
      ? []
      : [`bootstrap: slope ${bootstrap.slope.lower.toFixed(4)} to ${bootstrap.slope.upper.toFixed(4)}`]),
    ...(mapNote === null ? [] : [`no window map: ${mapNote}`]),
    `${marchenkoPastur.above} eigenvalues above the Marchenko-Pastur edge${shuffled === null ? '' : `, ${shuffled.above} above shuffled columns`}`,
    ...(crossValidated === null
      ? []
      : [
          crossValidated.fit === null
            ? `cross-validated: ${crossValidated.fitNote ?? ''}`
            : `cross-validated: ${fitText(crossValidated.fit)}; ${crossValidated.reliable} reliable`,
        ]),
  ]
}

/** `lab spectrum`. */
export function addSpectrumCommand(program: Command, exit: (code: number) => void): void {
  addProbeOptions(
    program
      .command('spectrum')
      .description('measure the covariance spectrum of a model or of raw data, and fit a power law'),
  )
    .requiredOption('--source <source>', SPECTRUM_LAYERS.join(', '))
    .option(
      '--window <ranks>',
      "ranks of the fit, both ends included, such as 11:500; by default those of the model's run, else 11 to 500 (noise: 100), at most half of the ranks",
      rankWindow,
    )
    .option('--units <list>', 'increasing numbers of units, comma-separated; default: all', integerList)
    .option('--map <size>', 'map the exponent over this many starts and ends of the fit window', integer, 0)
    .option('--bootstrap <resamples>', 'number of bootstrap resamples of the images', integer, 0)
    .option('--level <share>', 'confidence level of the bootstrap band', real, 0.95)
    .option('--shuffles <number>', 'number of shuffles for the null spectrum', integer, 0)
    .option('--cross-validation', 'measure the cross-validated spectrum between two augmented repeats')
    .option('--shift <pixels>', 'largest shift of an augmented repeat, in pixels', integer, 2)
    .option('--mirror', 'mirror augmented repeats randomly')
    .option('--noise <value>', 'standard deviation of the noise added to a repeat, in pixel values', real, 0)
    .action(async (options: SpectrumOptions) => {
      exit(
        await runCommand(options, async (context) => {
          await expectOut(context, options)
          const request = await requestOf(context, options)
          const spectrum = await withProgress(context, 'spectrum.ofModel', () =>
            context.lab.call('spectrum.ofModel', request),
          )
          for (const line of lines(spectrum)) context.output.line(line)
          await writeOut(context, options.out, spectrum)
          return spectrum
        }),
      )
    })
}
