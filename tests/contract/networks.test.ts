import { describe, expect, it } from 'vitest'
import { fieldMeta, layerOf, MODEL_TYPES, networkDefinition, networkSpec, NETWORKS } from '../../contract/index.js'
import { NETWORKS as CODE } from '../../engine/networks/index.js'

describe.each(NETWORKS.map(({ kind }) => [kind] as const))('the network %s', (kind) => {
  const network = networkDefinition(kind)
  it('has first settings that its schema takes, and no others', () => {
    expect(networkSpec.parse(network.first)).toEqual(network.first)
    expect(Object.keys(network.first).sort()).toEqual(['kind', ...Object.keys(network.settings)].sort())
    expect(() => networkSpec.parse({ ...network.first, another: 1 })).toThrow('another')
  })
  it('labels every setting, and has words and a type of its own', () => {
    for (const [key, schema] of Object.entries(network.settings))
      expect(fieldMeta(schema as never), key).toMatchObject({ help: expect.stringMatching(/\.$/) })
    for (const word of ['label', 'short', 'summary', 'type'] as const)
      expect(NETWORKS.filter((other) => other[word] === network[word])).toHaveLength(1)
    expect(MODEL_TYPES).toContain(network.type)
  })
  it('trains exactly the layer that it says', () => {
    expect(CODE[kind].trainable.includes('weights')).toBe(layerOf({ kind }) === 'trained')
    expect(CODE[kind].trainable).toEqual(expect.arrayContaining(['dense', 'bias']))
    expect('hiddenUnits' in network.settings).toBe(layerOf({ kind }) === 'trained')
  })
})
