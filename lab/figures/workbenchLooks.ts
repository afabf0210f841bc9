import {
  dashOfLook,
  hasOwnColours,
  labelIdentities,
  lifeIdentity,
  LOOK_COLOURS,
  looksApart,
  mapFigureModels,
  slotOfLook,
  type FigureContent,
  type FigureModel,
  type ResultOrigin,
} from '../../contract/index.js'
import type { LabContext } from '../context.js'

/**
 * Gives the models of a figure the colours and dashes that they have on every page of the window; a figure that does not draw its
 * models in colours of their own stays as it is.
 *
 * @param results - where the figure's numbers come from, with the model behind each label
 */
export async function withWorkbenchLooks(
  { archive, bus, looks: book, options }: LabContext,
  content: FigureContent,
  results: readonly ResultOrigin[],
): Promise<FigureContent> {
  if (!hasOwnColours(content.figure)) return content
  const models = results.flatMap((result) =>
    result.models.map(({ label, model, sha256 }) => ({ label, model, hash: sha256 })),
  )
  const identities = labelIdentities(models, await archive.list())
  const requests = [...identities].map(([label, identity]) => ({ identity: lifeIdentity(identity), label }))
  const assigned =
    options.readOnly === true ? { looks: await book.preview(requests), given: {} } : await book.assign(requests)
  if (Object.keys(assigned.given).length > 0) bus.emit('look.changed', { looks: assigned.given })
  const apart = looksApart([...identities.values()], (identity) => assigned.looks[lifeIdentity(identity)] ?? 0)
  const dressed = (model: FigureModel): FigureModel => {
    const look = apart.get(identities.get(model.label) ?? '')
    if (look === undefined) return model
    const dash = dashOfLook(look)
    return { ...model, colour: LOOK_COLOURS[slotOfLook(look)] ?? null, ...(dash === 0 ? {} : { dash }) }
  }
  return mapFigureModels(content, dressed)
}
