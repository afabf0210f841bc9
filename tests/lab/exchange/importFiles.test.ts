import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync, cpSync, statSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { asLabError } from '../../../contract/index.js'
import { findHistories } from '../../../lab/exchange/findHistories.js'
import { readHistory, type HistoryFacts } from '../../../lab/exchange/readHistory.js'
import { readMeasures } from '../../../lab/library/curves.js'
import { bits } from './bits.js'

const FILES = fileURLToPath(new URL('../../interchange/files', import.meta.url))
interface Expected {
  measures: [name: string, step: number, bits: string][]
  settings: Record<string, unknown>
  name?: string
  tags?: string[]
  note?: string
}
const EXPECTED = JSON.parse(readFileSync(join(FILES, 'expected.json'), 'utf8')) as Record<string, Expected>
const root = mkdtempSync(join(tmpdir(), 'workbench-import-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folders = 0
const newFolder = (): string => join(root, String(folders++))

/** What is read of a file or folder, with its measures as `expected.json` has them. */
async function readAt(path: string): Promise<(HistoryFacts & { measures: Expected['measures'] })[]> {
  const [found, ...more] = await findHistories(path)
  expect(more).toEqual([])
  const folder = newFolder()
  const facts = await readHistory({ format: found!.format, files: found!.files, folder })
  return Promise.all(
    facts.map(async (each) => {
      const { names, name, step, value } = await readMeasures(join(folder, each.metrics))
      const measures = [...value].map((number, row): Expected['measures'][number] => [
        names[name[row]!]!,
        step[row]!,
        bits(number),
      ])
      return { ...each, measures: sorted(measures) }
    }),
  )
}
const sorted = (measures: Expected['measures']): Expected['measures'] =>
  [...measures].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
const code = (error: unknown): string => asLabError(error).code

describe.each(Object.entries(EXPECTED))('%s, written by the program itself', (path, expected) => {
  it('has the measures, bit for bit, settings and words that were written', async () => {
    const [run] = await readAt(join(FILES, path))
    expect(run!.measures).toEqual(sorted(expected.measures))
    expect(run!.settings).toEqual(expected.settings)
    if (expected.name !== undefined)
      expect(run).toMatchObject({ name: expected.name, tags: expected.tags, note: expected.note })
    expect(run!.faults.filter((fault) => !fault.startsWith('Not imported: '))).toEqual([])
  })
})

describe('what is not imported', () => {
  it('is named', async () => {
    const [run] = await readAt(join(FILES, 'tensorboard', 'x'))
    expect(run!.faults).toEqual(['Not imported: histograms, text.'])
    const [other] = await readAt(join(FILES, 'wandb', 'run-first.wandb'))
    expect(other!.faults).toEqual(['Not imported: console output, media, texts.'])
  })
})

describe('epochs', () => {
  it('come from a measure of this name', async () => {
    const [found] = await findHistories(join(FILES, 'wandb', 'run-first.wandb'))
    const folder = newFolder()
    const [facts] = await readHistory({ ...found!, folder })
    const { names, name, epoch, step } = await readMeasures(join(folder, facts!.metrics))
    const loss = [...name.keys()].filter((row) => names[name[row]!] === 'loss')
    expect(loss.map((row) => epoch[row])).toEqual(loss.map((row) => Math.floor(step[row]! / 2)))
  })
})

describe('a file that ends in the middle', () => {
  it.each([
    [
      'an event file',
      join('tensorboard', 'x', 'events.out.tfevents.1700000000.host'),
      /ends in the middle of a record/,
    ],
    ['a W&B file', join('wandb', 'run-first.wandb'), /ends in the middle of a record/],
  ])('%s is read as far as it is whole, and that is said', async (_, file, said) => {
    const copy = newFolder()
    cpSync(join(FILES, file), join(copy, file.split(/[/\\]/).pop()!), { recursive: true })
    const path = join(copy, readdirSync(copy)[0]!)
    truncateSync(path, Math.floor(statSync(path).size * 0.6) + 1)
    const [run] = await readAt(path)
    expect(run!.faults.join(' ')).toMatch(said)
    expect(run!.values).toBeGreaterThan(0)
    const whole = EXPECTED[file.startsWith('wandb') ? 'wandb/run-first.wandb' : 'tensorboard/x']!.measures.length
    expect(run!.values).toBeLessThan(whole)
  })
  it('of a running W&B job says that it has no end', async () => {
    const bytes = readFileSync(join(FILES, 'wandb', 'run-first.wandb'))
    const path = newFolder() + '.wandb'
    // Whole parts up to a border: the record of the end is the last one.
    const tail = lastPart(bytes)
    writeFileSync(path, bytes.subarray(0, tail))
    const [run] = await readAt(path)
    expect(run!.faults.join(' ')).toMatch(/has no end/)
  })
})

/** Where the last part of a W&B file begins. */
function lastPart(bytes: Buffer): number {
  let [place, last] = [7, 7]
  while (place < bytes.length) {
    const left = 32768 - (place % 32768)
    if (left < 7) place += left
    else {
      last = place
      place += 7 + bytes.readUInt16LE(place + 4)
    }
  }
  return last
}

describe('a damaged record in the middle', () => {
  it('of an event file is left out, and the others are read', async () => {
    const path = join(newFolder() + '.tfevents')
    const bytes = readFileSync(join(FILES, 'tensorboard', 'x', 'events.out.tfevents.1700000000.host'))
    const first = 12 + Number(bytes.readBigUInt64LE(0)) + 4
    bytes[first + 20]! ^= 0xff
    writeFileSync(path, bytes)
    const [run] = await readAt(path)
    expect(run!.faults[0]).toMatch(/^1 damaged records/)
    expect(run!.values).toBe(3)
  })
})

describe('a table of measures', () => {
  const write = (text: string): string => {
    const path = newFolder() + '.csv'
    writeFileSync(path, text)
    return path
  }
  it('may hold several runs, quotation marks, formulas and every number', async () => {
    const runs = await readAt(
      write(
        '\uFEFFrun,name,measure,step,epoch,value,time\r\na,"one, ""first""",loss,1,1,-0,2026-11-30T08:00:00.000Z\r\n' +
          "a,x,'=loss,2,1,NaN,\r\n\r\nb,two,loss,1,,-Infinity,\nb,two,loss,2,,5e-324,",
      ),
    )
    expect(runs.map(({ key, name, measures }) => ({ key, name, measures }))).toEqual([
      {
        key: 'a',
        name: 'one, "first"',
        measures: sorted([
          ['loss', 1, bits(-0)],
          ['=loss', 2, 'nan'],
        ]),
      },
      {
        key: 'b',
        name: 'two',
        measures: [
          ['loss', 1, bits(-Infinity)],
          ['loss', 2, bits(5e-324)],
        ],
      },
    ])
    expect(runs[0]!.sha256).not.toBe(runs[1]!.sha256)
  })
  it('with a measure that no message can carry is imported without it, and says so', async () => {
    const [run] = await readAt(write('measure,step,value\n__proto__,1,2\nloss,1,0.5\n'))
    expect(run!.measures).toEqual([['loss', 1, bits(0.5)]])
    expect(run!.faults).toEqual(['1 values without a usable name (1 to 200 characters, not __proto__) were left out.'])
  })
  it('without numbers where they belong says which lines', async () => {
    const [run] = await readAt(write('measure,step,value\nloss,1,"0,5"\nloss,2,0.5\n'))
    expect(run!.values).toBe(1)
    expect(run!.faults[0]).toMatch(/^1 lines .* the first is line 2; numbers need a decimal point/)
  })
  it.each([
    ['measure,value\nloss,1\n', /no column step or epoch/],
    ['a,b,c\n1,2,3\n', /no column measure, value, step or epoch/],
    ['', /no measures and no settings/],
    ['measure,step,value\n', /no measures and no settings/],
  ])('of another form is refused: %j', async (text, said) => {
    await expect(readAt(write(text))).rejects.toThrow(said)
    await expect(readAt(write(text)).catch(code)).resolves.toBe('file.invalid')
  })
})

describe('files that contain no runs', () => {
  it('is refused by its code', async () => {
    const path = newFolder() + '.txt'
    writeFileSync(path, 'hello')
    await expect(findHistories(path).catch(code)).resolves.toBe('file.invalid')
    await expect(findHistories(newFolder()).catch(code)).resolves.toBe('file.unreadable')
    await expect(findHistories(FILES + '/wandb/..').then((found) => found.length)).resolves.toBe(3)
  })
})
