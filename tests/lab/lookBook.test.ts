import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLookBook } from '../../lab/lookBook.js'

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'looks-'))
const wishes = (...identities: string[]) => identities.map((identity) => ({ identity, label: identity }))

test('looks last over restarts of the program', async () => {
  const archive = await folder()
  const first = await createLookBook(archive).assign(wishes('r-00000001', 'r-00000002'))
  expect(first.given).toEqual(first.looks)
  const second = await createLookBook(archive).assign(wishes('r-00000003', 'r-00000002', 'r-00000001'))
  expect(second.looks).toMatchObject(first.looks)
  expect(Object.keys(second.given)).toEqual(['r-00000003'])
  expect(JSON.parse(await readFile(join(archive, 'looks.json'), 'utf8'))).toEqual({ version: 1, looks: second.looks })
})

test('questions at the same time do not give one look twice', async () => {
  const book = createLookBook(await folder())
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((each) => book.assign(wishes(each))))
  expect(new Set(answers.flatMap(({ looks }) => Object.values(looks))).size).toBe(6)
})

test('a damaged file, and a folder that cannot be written, cost nothing but the memory of them', async () => {
  const archive = await folder()
  await writeFile(join(archive, 'looks.json'), '{"version": 1, "looks"')
  expect((await createLookBook(archive).assign(wishes('a'))).looks).toEqual({ a: 5 })
  const file = join(archive, 'file')
  await writeFile(file, '')
  const book = createLookBook(file)
  expect((await book.assign(wishes('a'))).looks).toEqual({ a: 5 })
  expect((await book.assign(wishes('b', 'a'))).looks).toEqual({ a: 5, b: 0 })
})

test('a preview answers what would be given, and gives and writes nothing', async () => {
  const archive = await folder()
  const book = createLookBook(archive)
  const shown = await book.preview(wishes('a', 'b'))
  expect(await readdir(archive)).toEqual([])
  expect(await book.preview(wishes('a', 'b'))).toEqual(shown)
  expect((await book.assign(wishes('a', 'b'))).looks).toEqual(shown)
  expect(await book.preview(wishes('b'))).toEqual({ b: shown['b'] })
})
