import { z } from 'zod'
import { classifierSpec } from './classifier.js'
import { SPEC_VERSION } from './common.js'
import { LabError } from './errors.js'
import { issuePath, issuesText, listText } from './issues.js'
import { localLearningSpec } from './localLearning.js'

/** All kinds of experiment. */
export const experimentSpec = z.discriminatedUnion('kind', [localLearningSpec, classifierSpec])
export type ExperimentSpec = z.infer<typeof experimentSpec>
export type ExperimentKind = ExperimentSpec['kind']

/** Kinds as the window names them. */
export const EXPERIMENT_KINDS = {
  localLearning: 'Receptive fields',
  classifier: 'Classifier',
} as const satisfies Record<ExperimentKind, string>

/** A named starting point for the form. */
export interface Preset {
  id: string
  label: string
  description: string
  spec: ExperimentSpec
}

/**
 * Parses an experiment at a trust boundary.
 *
 * @param input - anything: JSON from a file, a form, a link
 * @returns the spec, unchanged
 * @throws LabError `spec.newerVersion`, `spec.unknownKey` or `spec.invalid`; the message names every field with its fact
 */
export function parseExperiment(input: unknown): ExperimentSpec {
  if (
    typeof input === 'object' &&
    input !== null &&
    'version' in input &&
    typeof input.version === 'number' &&
    input.version > SPEC_VERSION
  ) {
    throw new LabError('spec.newerVersion', `expected version ${SPEC_VERSION} or older, got ${input.version}`, {
      version: input.version,
    })
  }
  const result = experimentSpec.safeParse(input)
  if (result.success) return result.data
  const issues = result.error.issues
  const unknown = issues.some((issue) => issue.code === 'unrecognized_keys')
  const fields = listText(issues.map(issuePath))
  throw new LabError(unknown ? 'spec.unknownKey' : 'spec.invalid', issuesText(issues, 'experiment'), { fields })
}
