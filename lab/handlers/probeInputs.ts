import { z } from 'zod'
import {
  cardRequest,
  galleryRequest,
  planePointRequest,
  planeRequest,
  newRobustnessRequest,
  spectrumRequest,
  type CommandInput,
  type ProbeCommands,
} from '../../contract/index.js'

const idOf = (letter: string, what: string): z.ZodString =>
  z.string().regex(new RegExp(`^${letter}-[0-9a-f]{4,32}$`), {
    error: (issue) => `expected ${what} such as ${letter}-7f21c4a0, got ${JSON.stringify(issue.input)}`,
  })
const sweep = z.strictObject({ id: idOf('a', 'a sweep') })
const spectrum = z.strictObject({ id: idOf('s', 'a spectrum') })
const plane = z.strictObject({ id: idOf('p', 'a plane') })
const eigenvalues = z.instanceof(Float64Array)
const nothing = z.null()

/** The form of every probe's input. */
export const PROBE_INPUTS = {
  'robustness.run': newRobustnessRequest,
  'robustness.list': nothing,
  'robustness.get': sweep,
  'robustness.partialPass': sweep,
  'robustness.pause': sweep,
  'robustness.resume': sweep,
  'robustness.remove': sweep,
  'robustness.gallery': galleryRequest,
  'robustness.card': cardRequest,
  'spectrum.ofModel': spectrumRequest,
  'spectrum.list': nothing,
  'spectrum.get': spectrum,
  'spectrum.remove': spectrum,
  'spectrum.fits': z.strictObject({
    eigenvalues,
    window: z.tuple([z.int().min(1), z.int().min(1)]),
    rank: z.int().min(0),
  }),
  'spectrum.map': z.strictObject({ eigenvalues, size: z.int().min(2).max(200), rank: z.int().min(0) }),
  'plane.compute': planeRequest,
  'plane.list': nothing,
  'plane.get': plane,
  'plane.remove': plane,
  'plane.point': planePointRequest,
} satisfies { [Name in keyof ProbeCommands]: z.ZodType<CommandInput<Name>> }
