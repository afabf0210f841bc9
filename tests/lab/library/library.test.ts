import { describe, expect, it } from 'vitest'
import type { RunRecord } from '../../../contract/index.js'
import { newRecord } from '../../../lab/archive/records.js'
import { readPresets } from '../../../lab/presets.js'
import { createLibrary, type LibraryParts } from '../../../lab/library/library.js'

const [preset] = await readPresets(new URL('../../../resources', import.meta.url).pathname)
const recordOf = (id: string, name: string): RunRecord => ({ ...newRecord(id, preset!.spec, {}, {}), name })
const LABELS = { name: null, tags: [], note: '', star: false, folder: '', trashedAt: null }

describe('the table of the library', () => {
  it('is made again when a run changes while it is being made', async () => {
    let records = [recordOf('r-00000001', 'before')]
    let during = (): void => undefined
    const library = createLibrary({
      archive: { list: async () => records },
      labels: { of: () => LABELS, shown: (record: RunRecord) => record } as unknown as LibraryParts['labels'],
      settings: {
        of: () => ({}),
        forget: () => undefined,
        load: async () => {
          during()
          return false
        },
      },
      curves: {
        of: () => null,
        waiting: 0,
        touch: () => undefined,
        load: async () => false,
        atEpoch: () => null,
        loadEpoch: async () => undefined,
        thinned: async () => [],
      },
      probes: { of: () => null, load: async () => false },
    })
    during = () => {
      records = [recordOf('r-00000001', 'after')]
      library.touch(['r-00000001'])
      during = () => undefined
    }
    await library.table({ query: '' }, false)
    const { cells } = await library.cells([['r-00000001']], ['name'], false)
    expect(cells[0]?.[0]?.value).toBe('after')
  })
})
