import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LabError, parseExperiment, parseFigureContent } from '../../../contract/index.js'
import { mapEach } from '../../../lab/files/eachOf.js'
import { allowInheritedStreams, asUserFile, readUserFile, readUserJson } from '../../../lab/files/userFile.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'user-file-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const refusal = (code: string, words: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(words) as string })

describe('a file that a person names', () => {
  it('is read as it is, through links too', async () => {
    const path = file('plain', 'content')
    symlinkSync(path, join(folder, 'link'))
    for (const name of [path, join(folder, 'link')])
      expect(Buffer.from((await readUserFile(name, 100)).bytes).toString()).toBe('content')
  })
  it('is refused when it is larger than the limit of the limit of what is asked for, before it is read', async () => {
    const path = file('large', '')
    truncateSync(path, 10_000_000_000)
    await expect(readUserFile(path, 1_000_000)).rejects.toEqual(
      refusal('file.unreadable', /large: expected a file of at most 1 MB, got 10000 MB/),
    )
  })
  it('is read although it says that it is empty, as those of /proc do', async () => {
    expect(Buffer.from((await readUserFile('/proc/self/status', 100_000)).bytes).toString()).toContain('Pid:')
    await expect(readUserFile('/proc/self/status', 10)).rejects.toEqual(refusal('file.unreadable', /larger than/))
  })
  it.each([
    ['/dev/zero', 'a device'],
    ['/dev/null', 'a device'],
    [tmpdir(), 'a folder'],
  ])('%s is refused as %s', async (path, kind) => {
    await expect(readUserFile(path, 100)).rejects.toEqual(
      refusal('file.unreadable', new RegExp(`expected a file, got ${kind}`)),
    )
  })
  it.skipIf(process.platform !== 'linux')(
    'a stream of this program is refused as a file until the command line allows it, and then has the same limit',
    async () => {
      const path = join(folder, 'stream')
      execFileSync('mkfifo', [path])
      const descriptor = openSync(path, 'r+')
      await expect(readUserFile(`/dev/fd/${descriptor}`, 100)).rejects.toEqual(
        refusal('file.unreadable', /expected a file, got a pipe/),
      )
      allowInheritedStreams()
      writeSync(descriptor, 'x'.repeat(200))
      await expect(readUserFile(`/dev/fd/${descriptor}`, 100)).rejects.toEqual(
        refusal('file.unreadable', /larger than the limit/),
      )
      closeSync(descriptor)
    },
  )
  it('a pipe that nobody writes to is refused at once', async () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    await expect(readUserFile(path, 100)).rejects.toEqual(
      refusal('file.unreadable', /pipe: expected a file, got a pipe/),
    )
  })
  it('a socket is refused', async () => {
    const path = join(folder, 'socket')
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(path, resolve))
    await expect(readUserFile(path, 100)).rejects.toEqual(refusal('file.unreadable', /expected a file, got a socket/))
    server.close()
  })
  it('that is damaged is not part of the archive', () => {
    expect(() =>
      asUserFile('m.pty', () => {
        throw new LabError('file.damaged', 'it ends early')
      }),
    ).toThrow(refusal('file.invalid', /m\.pty: it ends early/) as Error)
  })
})

describe('JSON that a person has written', () => {
  it('is taken with a byte order mark', async () =>
    expect(await readUserJson(file('bom.json', '\ufeff{"a": 1}'))).toEqual({ a: 1 }))
  it.each([
    ['a key that is there twice', '{"epochs": 500, "b": {"epochs": 3}, "epochs": 1}', /the key epochs appears twice/],
    ['the same, written otherwise', '{"epochs": 500, "\\u0065pochs": 1}', /the key epochs appears twice/],
    ['the same in a list', '[{"a": 1}, {"b": [1, {"c": 2, "c": 3}]}]', /the key c appears twice/],
    ['nesting without end', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, /is nested more than 100 levels/],
    ['what is no JSON', '{"a": }', /is not valid JSON/],
    [
      'Latin letters of one byte',
      Buffer.from('{"name": "Gr\u00fc\u00dfe"}', 'latin1'),
      /it is not UTF-8; save it as UTF-8/,
    ],
    ['UTF-16', Buffer.from('\ufeff{"a": 1}', 'utf16le'), /it is UTF-16; save it as UTF-8/],
  ])('%s is refused', async (_, content, words) =>
    expect(readUserJson(file('x.json', content), 'spec.invalid')).rejects.toEqual(refusal('spec.invalid', words)),
  )
  it('keys of different objects may be the same, also behind quotes and brackets in texts', async () => {
    const value = { a: { k: 1 }, b: [{ k: 1 }, { k: 2 }], 'c"{': '}"k": 1, "k": [', d: '\\' }
    expect(await readUserJson(file('x.json', JSON.stringify(value)))).toEqual(value)
  })
})

describe('messages about large inputs', () => {
  it('name the first faults and the number of the rest', () => {
    const spec = {
      version: 1,
      kind: 'localLearning',
      ...Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, index])),
    }
    const thrown = ((): unknown => {
      try {
        return parseExperiment(spec)
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toMatchObject({
      code: 'spec.unknownKey',
      message: expect.stringMatching(/unknown keys key0, key1.* and 99992 more/) as string,
    })
    expect((thrown as LabError).message.length).toBeLessThan(4000)
    expect(JSON.stringify((thrown as LabError).details).length).toBeLessThan(9000)
  })
  it('are cut, whoever makes them', () => {
    const { message } = new LabError('value.range', `expected a name, got ${'ab'.repeat(1_000_000)}`)
    expect(message.length).toBeLessThan(4100)
    expect(message).toMatch(/… \(\d+ more characters\)$/)
  })
  it('data of a figure that nest without end are refused', () => {
    let deep: unknown = 1
    for (let depth = 0; depth < 200_000; depth++) deep = [deep]
    expect(() => parseFigureContent({ figure: '1', data: deep })).toThrow(
      refusal('value.range', /are nested more than 20 levels deep/) as Error,
    )
  })
})

describe('work on many files', () => {
  it('is done a few at a time, in order, and stops at the first error', async () => {
    let [open, most, begun] = [0, 0, 0]
    const work = async (item: number): Promise<number> => {
      begun += 1
      most = Math.max(most, ++open)
      await new Promise((resolve) => setImmediate(resolve))
      open -= 1
      if (item === 50) throw new Error('broken')
      return 2 * item
    }
    const items = Array.from({ length: 1000 }, (_, index) => index)
    expect(await mapEach(items.slice(0, 40), work, 7)).toEqual(items.slice(0, 40).map((item) => 2 * item))
    expect(most).toBe(7)
    begun = 0
    await expect(mapEach(items, work, 7)).rejects.toThrow('broken')
    expect(begun).toBeLessThan(70)
  })
})
