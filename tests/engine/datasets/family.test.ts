import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import {
  DATASET_KINDS,
  datasetOf,
  datasetOptions,
  DATASETS,
  datasetSpec,
  datasetWords,
  fieldMeta,
  FILE_DATASET_KINDS,
  filesOf,
  imageShape,
  isFileDataset,
  wholeSet,
  wholeSetWith,
} from '../../../contract/index.js'
import { generateDataset, type ImageSource } from '../../../engine/datasets/index.js'

const bytesOf = (source: ImageSource, index: number): number[] => {
  const values = new Float32Array(source.shape.reduce((product, size) => product * size, 1))
  source.read(index, values, 0)
  return [...values]
}

describe.each(DATASET_KINDS.map((kind) => [kind] as const))('the dataset %s', (kind) => {
  it('accepts its whole set as a specification, and refuses an unknown setting', () => {
    const spec = wholeSet(kind, 3)
    expect(datasetSpec.parse(spec)).toEqual(spec)
    expect(datasetSpec.safeParse({ ...spec, unknown: 1 }).success).toBe(false)
  })
  it('labels every setting, and its options lead to the same set again', () => {
    for (const [key, schema] of Object.entries(datasetOf(kind).settings))
      expect(fieldMeta(schema as z.ZodType), `${kind}.${key}`).toMatchObject({
        label: expect.any(String),
        help: expect.stringMatching(/\.$/),
      })
    expect(wholeSetWith(kind, {})).toEqual(wholeSet(kind))
    expect(datasetWords(wholeSet(kind), String)).toEqual([])
    const own = datasetOptions().filter(({ key }) => key in datasetOf(kind).settings)
    for (const { key, name, usual, read = Number } of own) {
      const other = wholeSetWith(kind, { [key]: read('1') === usual ? read('2') : read('1') })
      const words = datasetWords(other, String)
      expect(words.map((word) => word.split(' ')[0])).toEqual([`--${name}`])
      expect(wholeSetWith(kind, { [key]: read(words[0]?.split(' ')[1] ?? '') })).toEqual(other)
    }
  })
  it('keeps the identity of sets from before a setting', () => {
    expect(wholeSetWith('syntheticScenes', { generator: 1 })).toEqual({
      kind: 'syntheticScenes',
      imageLimit: null,
      dataSeed: 1,
    })
  })
  it.skipIf(isFileDataset(kind))('generates the images that its facts describe, the same for the same seed', () => {
    const { trainImages, testImages, classNames, normalised } = DATASETS[kind]
    const spec = { ...wholeSet(kind, 3), imageLimit: 8 }
    const [source, again, other] = [spec, spec, { ...wholeSet(kind, 4), imageLimit: 8 }].map((each) =>
      generateDataset(each, 'train'),
    ) as [ImageSource, ImageSource, ImageSource]
    expect(source.count).toBe(Math.min(8, trainImages))
    expect(generateDataset(wholeSet(kind, 3), 'test')?.count).toBe(testImages)
    expect(source.shape).toEqual(imageShape(spec))
    expect(source.normalised).toBe(normalised)
    expect(Math.max(...source.labels)).toBeLessThan(classNames.length)
    const all = (from: ImageSource): number[] => Array.from({ length: 8 }, (_, index) => bytesOf(from, index)).flat()
    expect(all(again)).toEqual(all(source))
    expect(all(other)).not.toEqual(all(source))
    expect(source.identity).not.toEqual(other.identity)
  })
})

describe.each(FILE_DATASET_KINDS.map((kind) => [kind] as const))('the files of %s', (kind) => {
  it('have checksums, addresses and both splits', () => {
    const { files, archive, isTest } = filesOf(kind)
    for (const { sha256, bytes, urls } of files) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(bytes).toBeGreaterThan(0)
      expect((archive?.urls ?? urls ?? []).length).toBeGreaterThan(0)
    }
    expect(new Set(files.map(({ name }) => isTest(name))).size).toBe(2)
  })
})
