import { LabError } from '../../../contract/index.js'
import { matchFields } from '../../../engine/probes/fields/matchFields.js'
import type { JobFunction } from './job.js'

/** Matches the receptive fields of two layers. */
export const matchFieldsOf: JobFunction<'matchFields'> = async ({ a, b, shape, null: kind, seed }, { requested }) =>
  matchFields(a, b, {
    shape,
    kind,
    seed,
    expectWanted: () => {
      if (requested() === 'stop') throw new LabError('cancelled', 'the match of two layers was cancelled')
    },
  })
