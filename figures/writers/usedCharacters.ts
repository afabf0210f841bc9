import type { FontName, Scene } from '../scene.js'
import type { FontEmbedder } from './type42.js'

/** Characters of each font in the order in which they appear. */
export function usedCharacters(scene: Scene, fonts: FontEmbedder): Map<FontName, string[]> {
  const used = new Map<FontName, string[]>()
  for (const item of scene.items) {
    if (item.kind !== 'text') continue
    for (const run of item.runs) {
      const known = used.get(run.font) ?? []
      for (const { character } of fonts.characters(run)) if (!known.includes(character)) known.push(character)
      used.set(run.font, known)
    }
  }
  return used
}
