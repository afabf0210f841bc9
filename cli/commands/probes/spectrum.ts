import type { Command } from 'commander'
import { LabError, SPECTRUM_LAYERS, type ModelSpectrum, type PowerLawFit, type SpectrumRequest } from '../../../contract/index.js'
import { runCommand } from '../../command.js'
import { commaList, integer, rankWindow, real } from '../options.js'
import { addProbeOptions, probeModels, probeRequest, withProgress, writeOut, type ProbeOptions } from './options.js'

interface SpectrumOptions extends ProbeOptions {
  source: string
  window?: readonly [number, number]
  units?: string[]
  map: number
  bootstrap: number
  level: number
  shuffles: number
  crossValidation?: boolean
  shift: number
  mirror?: boolean
  noise: number
}

function requestOf(options: SpectrumOptions): SpectrumRequest {
  const source = SPECTRUM_LAYERS.find((layer) => layer === options.source)
  if (source === undefined) throw new LabError('usage', `expected --source ${SPECTRUM_LAYERS.join(', ')}, got ${options.source}`)
  const model = source === 'data' && options.model.length === 0 ? null : (probeModels(options.model)[0]?.model ?? null)
  return {
    model, source, ...probeRequest(options), images: options.images ?? null, units: options.units?.map(integer) ?? null, window: options.window === undefined ? null : [...options.window], mapSize: options.map, resamples: options.bootstrap, level: options.level,
    shuffles: options.shuffles, crossValidation: options.crossValidation === true ? { shift: options.shift, mirror: options.mirror === true, noise: options.noise } : null, seed: options.seed,
  }
}

const fitText = (fit: PowerLawFit): string => `slope ${fit.slope.toFixed(4)} ± ${fit.standardError.toFixed(4)}, r² ${fit.rSquared.toFixed(4)}, ranks ${fit.window.join(' to ')}`

function lines(spectrum: ModelSpectrum): string[] {
  const { fit, fitNote, curvature, densityExponent, bootstrap, shuffled, marchenkoPastur, crossValidated, mapNote, rank, warnings } = spectrum
  return [
    `${spectrum.id}: ${spectrum.width} eigenvalues over ${spectrum.images} images, numerical rank ${rank}, participation ratio ${spectrum.participationRatio.toFixed(2)}`,
    ...warnings.map((text) => `WARNING: ${text}`),
    fit === null ? `no fit: ${fitNote ?? ''}` : `${fitText(fit)}; curvature ${(curvature ?? NaN).toFixed(3)}${densityExponent === null ? '' : `; μ = 1 + 1/α = ${densityExponent.toFixed(3)}`}`,
    ...(bootstrap === null || bootstrap.slope === null ? [] : [`bootstrap: slope ${bootstrap.slope.lower.toFixed(4)} to ${bootstrap.slope.upper.toFixed(4)}`]),
    ...(mapNote === null ? [] : [`no map of windows: ${mapNote}`]),
    `${marchenkoPastur.above} eigenvalues above the Marchenko-Pastur edge${shuffled === null ? '' : `, ${shuffled.above} above shuffled columns`}`,
    ...(crossValidated === null ? [] : [crossValidated.fit === null ? `cross-validated: ${crossValidated.fitNote ?? ''}` : `cross-validated: ${fitText(crossValidated.fit)}; ${crossValidated.reliable} reliable`]),
  ]
}

/** `lab spectrum`. */
export function addSpectrumCommand(program: Command, exit: (code: number) => void): void {
  addProbeOptions(program.command('spectrum').description('covariance spectrum of a model or of the data, with its power law'))
    .requiredOption('--source <source>', SPECTRUM_LAYERS.join(', '))
    .option('--window <ranks>', 'ranks of the fit, both ends included, such as 11:500; by default those of the model\'s run, else 11 to 500 (noise: 100), at most half of the ranks', rankWindow)
    .option('--units <list>', 'growing numbers of units, comma-separated; all when absent', commaList)
    .option('--map <size>', 'exponents over so many starts and ends of the window', integer, 0)
    .option('--bootstrap <resamples>', 'band over images', integer, 0)
    .option('--level <share>', 'of the band', real, 0.95)
    .option('--shuffles <number>', 'null of shuffled columns', integer, 0)
    .option('--cross-validation', 'covariance between two augmented repeats')
    .option('--shift <pixels>', 'of the repeats', integer, 2)
    .option('--mirror', 'mirror images in the repeats')
    .option('--noise <value>', 'of the repeats, in pixel values', real, 0)
    .action(async (options: SpectrumOptions) => {
      exit(await runCommand(options, async (context) => {
        const spectrum = await withProgress(context, 'spectrum.ofModel', () => context.lab.call('spectrum.ofModel', requestOf(options)))
        for (const line of lines(spectrum)) context.output.line(line)
        await writeOut(context, options.out, spectrum)
        return spectrum
      }))
    })
}
