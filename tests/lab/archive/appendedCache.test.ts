import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openAppendedCache, type AppendedCache } from '../../../lab/archive/appendedCache.js'

const root = mkdtempSync(join(tmpdir(), 'workbench-cache-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let files = 0
const newPath = (): string => join(root, String(files++), 'cache', 'numbers.jsonl')
const open = (path: string, readOnly = false): Promise<AppendedCache<number>> =>
  openAppendedCache(path, {
    version: 1,
    readOnly,
    read: (json) => (typeof json === 'number' ? json : undefined),
  })
const STAMP = { modifiedMs: 1, bytes: 2 }
const fill = (cache: AppendedCache<number>, from: number, to: number): void => {
  for (let index = from; index < to; index++) cache.set(`n${index}`, STAMP, index)
}
const numbers = (cache: AppendedCache<number>): number[] => [...cache.ids()].map((id) => cache.get(id)?.value ?? NaN)

describe('a cache file that is appended to', () => {
  it('has after a restart what was kept, without what was deleted, and passes over a damaged line', async () => {
    const path = newPath()
    const cache = await open(path)
    fill(cache, 0, 5)
    await cache.save()
    cache.delete('n1')
    cache.set('n2', STAMP, 20)
    await cache.save()
    expect(numbers(await open(path))).toEqual([0, 20, 3, 4])
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"id":"n9","m":1,`)
    const again = await open(path)
    expect([again.damaged, numbers(again)]).toEqual([1, [0, 20, 3, 4]])
    fill(again, 9, 10)
    await again.save()
    expect(numbers(await open(path))).toEqual([0, 20, 3, 4, 9])
  })
  it('of a process that only reads is written once there is much that is new', async () => {
    const path = newPath()
    const few = await open(path, true)
    fill(few, 0, 10)
    await few.save()
    expect(existsSync(path)).toBe(false)
    fill(few, 10, 100)
    await few.save()
    expect(numbers(await open(path))).toHaveLength(100)
  })
  it('that cannot be written is as good as none', async () => {
    const path = newPath()
    mkdirSync(path, { recursive: true })
    const reader = await open(path, true)
    fill(reader, 0, 300)
    await reader.save()
    expect(numbers(reader)).toHaveLength(300)
    expect(readdirSync(join(path, '..'))).toEqual(['numbers.jsonl'])
  })
})
