import { statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { LabError, sameName, type ExperimentSpec } from '../contract/index.js'
import type { CommandContext } from './command.js'
import { isInheritedStream } from './inheritedStream.js'

type Caller = Pick<CommandContext, 'lab' | 'beside'>

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

/**
 * The name of a model as a lab with another working directory understands it: a model file by its absolute path.
 *
 * @param name - an imported model, a run, or a model file of this working directory; the first two come first
 * @throws LabError `usage` for a stream of this process, which another process cannot read
 */
export async function absoluteModel({ lab, beside }: Caller, name: string): Promise<string> {
  if (beside && isInheritedStream(name)) {
    throw new LabError('usage', `expected a model or a file, got ${name}; import it first with \`lab import ${name}\``)
  }
  if (isAbsolute(name) || !isFile(name)) return name
  const known = await lab.call('model.list', null)
  const isKnown = known.some((entry) =>
    [entry.name, entry.label].some((own) => sameName(own.toLowerCase(), name.toLowerCase())),
  )
  return isKnown ? name : resolve(name)
}

/** A spec whose layer, if it is a file, is named by its absolute path. */
export async function withAbsoluteLayer(caller: Caller, spec: ExperimentSpec): Promise<ExperimentSpec> {
  if (spec.kind !== 'classifier' || spec.model.kind !== 'hybrid' || spec.model.layer === null) return spec
  return { ...spec, model: { ...spec.model, layer: await absoluteModel(caller, spec.model.layer) } }
}
