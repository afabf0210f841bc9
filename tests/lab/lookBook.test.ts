import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProblems } from '../../lab/archive/problems.js'
import { createLookBook, type LookBook } from '../../lab/lookBook.js'

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'looks-'))
const bookOf = (archive: string): LookBook =>
  createLookBook({ folder: archive, readOnly: false, problems: createProblems() })
const requests = (...identities: string[]) => identities.map((identity) => ({ identity, label: identity }))

test('looks last over restarts of the program', async () => {
  const archive = await folder()
  const first = await bookOf(archive).assign(requests('r-00000001', 'r-00000002'))
  expect(first.given).toEqual(first.looks)
  const second = await bookOf(archive).assign(requests('r-00000003', 'r-00000002', 'r-00000001'))
  expect(second.looks).toMatchObject(first.looks)
  expect(Object.keys(second.given)).toEqual(['r-00000003'])
  expect(JSON.parse(await readFile(join(archive, 'looks.json'), 'utf8'))).toEqual({ version: 1, looks: second.looks })
})

test('questions at the same time do not give one look twice', async () => {
  const book = bookOf(await folder())
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((each) => book.assign(requests(each))))
  expect(new Set(answers.flatMap(({ looks }) => Object.values(looks))).size).toBe(6)
})

test('a damaged file, and a folder that cannot be written, cost nothing but the memory of them', async () => {
  const archive = await folder()
  await writeFile(join(archive, 'looks.json'), '{"version": 1, "looks"')
  expect((await bookOf(archive).assign(requests('a'))).looks).toEqual({ a: 5 })
  const file = join(archive, 'file')
  await writeFile(file, '')
  const book = bookOf(file)
  expect((await book.assign(requests('a'))).looks).toEqual({ a: 5 })
  expect((await book.assign(requests('b', 'a'))).looks).toEqual({ a: 5, b: 0 })
})

test('a preview answers what would be given, and gives and writes nothing', async () => {
  const archive = await folder()
  const book = bookOf(archive)
  const shown = await book.preview(requests('a', 'b'))
  expect(await readdir(archive)).toEqual([])
  expect(await book.preview(requests('a', 'b'))).toEqual(shown)
  expect((await book.assign(requests('a', 'b'))).looks).toEqual(shown)
  expect(await book.preview(requests('b'))).toEqual({ b: shown['b'] })
})
