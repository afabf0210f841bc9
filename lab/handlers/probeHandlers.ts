import { LabError, type ProbeCommands } from '../../contract/index.js'
import type { SomeHandlers } from '../context.js'

const NAMES = [
  'robustness.run', 'robustness.list', 'robustness.get', 'robustness.pause', 'robustness.resume', 'robustness.remove', 'robustness.gallery', 'robustness.card',
  'spectrum.ofModel', 'spectrum.list', 'spectrum.get', 'spectrum.remove', 'spectrum.fits', 'spectrum.map',
  'plane.compute', 'plane.list', 'plane.get', 'plane.remove', 'plane.point',
] as const satisfies (keyof ProbeCommands)[]

/** Probes have their words; until their work is here, they are refused as commands that this workbench does not know. */
export function probeHandlers(): SomeHandlers<keyof ProbeCommands> {
  const refuse = (name: string) => async (): Promise<never> => {
    throw new LabError('link.unknownCommand', `${name} is not here yet`)
  }
  return Object.fromEntries(NAMES.map((name) => [name, refuse(name)])) as unknown as SomeHandlers<keyof ProbeCommands>
}
