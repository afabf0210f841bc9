import { statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { sameName, type ExperimentSpec } from '../contract/index.js'
import type { LabCore } from '../lab/core.js'

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

/**
 * The name of a model as a lab with another working directory understands it: a model file by its absolute path.
 *
 * @param name - an imported model, a run, or a model file of this working directory; the first two come first
 */
export async function absoluteModel(lab: Pick<LabCore, 'call'>, name: string): Promise<string> {
  if (isAbsolute(name) || !isFile(name)) return name
  const known = await lab.call('model.list', null)
  const isKnown = known.some((entry) =>
    [entry.name, entry.label].some((own) => sameName(own.toLowerCase(), name.toLowerCase())),
  )
  return isKnown ? name : resolve(name)
}

/** A spec whose layer, if it is a file, is named by its absolute path. */
export async function withAbsoluteLayer(lab: Pick<LabCore, 'call'>, spec: ExperimentSpec): Promise<ExperimentSpec> {
  if (spec.kind !== 'classifier' || spec.model.kind !== 'hybrid' || spec.model.layer === null) return spec
  return { ...spec, model: { ...spec.model, layer: await absoluteModel(lab, spec.model.layer) } }
}
