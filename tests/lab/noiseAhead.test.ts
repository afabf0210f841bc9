import { afterEach, describe, expect, it } from 'vitest'
import { noiseHere, type NoiseBatch } from '../../engine/attacks/noiseSource.js'
import { openNoiseAhead, type NoiseAhead } from '../../lab/compute/noiseAhead.js'

const ENTRY = new URL('../../lab/compute/noiseThread.mjs', import.meta.url)
const SIZES = [0, 0.1, 0.25, 3].map((epsilon, index) => ({ epsilon, index: 7 * index }))

/** Three rows of 20 entries, of which 17 get noise; the others hold 0. */
function batchOf(seed: number, first: number): NoiseBatch {
  return {
    images: Float32Array.from({ length: 60 }, (_, at) => (at % 20 < 17 ? Math.sin(at + first) : 0)),
    numbers: Int32Array.of(first, first + 3, first + 1),
    inputs: 20,
    entries: 17,
    seed,
  }
}

let ahead: NoiseAhead | null = null
afterEach(() => ahead?.close())

/** Every size of a batch, the next one announced; copies, for a result is written again. */
async function drawnBy(open: NoiseAhead['open'], batch: NoiseBatch): Promise<number[][]> {
  const source = open(batch)
  const drawn: number[][] = []
  for (const [place, size] of SIZES.entries()) {
    const next = SIZES[place + 1]
    drawn.push([...(await source.noisy(next === undefined ? size : { ...size, next }))])
  }
  return drawn
}

describe('noise that is drawn ahead', () => {
  it('has the bits of noise that is drawn when asked for, batch after batch, and leaves the ends of rows alone', async () => {
    ahead = openNoiseAhead(ENTRY)
    for (const batch of [batchOf(1, 5), batchOf(2, 5), batchOf(1, 9000)]) {
      const drawn = await drawnBy(ahead.open, batch)
      expect(drawn).toEqual(await drawnBy(noiseHere, batch))
      expect(drawn[0]).toEqual([...batch.images])
      expect(ahead.failure()).toBeNull()
      expect(drawn[3]?.filter((_, at) => at % 20 >= 17)).toEqual(new Array(9).fill(0))
    }
  })

  it('is the same when sizes are left out, asked for twice, or another batch is opened in between', async () => {
    ahead = openNoiseAhead(ENTRY)
    const [first, last] = [SIZES[1], SIZES[3]] as [(typeof SIZES)[number], (typeof SIZES)[number]]
    const [one, two] = [batchOf(1, 0), batchOf(1, 40)]
    const wanted = async (batch: NoiseBatch, size: typeof first): Promise<number[]> => [
      ...(await noiseHere(batch).noisy(size)),
    ]
    const source = ahead.open(one)
    expect([...(await source.noisy({ ...first, next: SIZES[2] as typeof first }))]).toEqual(await wanted(one, first))
    expect([...(await source.noisy(last))]).toEqual(await wanted(one, last))
    expect([...(await source.noisy(last))]).toEqual(await wanted(one, last))
    const other = ahead.open(two)
    // The thread has let go of the first batch; its noise is drawn here.
    expect([...(await source.noisy(first))]).toEqual(await wanted(one, first))
    expect([...(await other.noisy(first))]).toEqual(await wanted(two, first))
  })

  it('is drawn here when the thread cannot start, or ends', async () => {
    ahead = openNoiseAhead(new URL('./noThread.mjs', import.meta.url))
    expect(await drawnBy(ahead.open, batchOf(1, 2))).toEqual(await drawnBy(noiseHere, batchOf(1, 2)))
    expect(ahead.failure()).not.toBeNull()
    ahead = openNoiseAhead(ENTRY)
    const source = ahead.open(batchOf(1, 2))
    const asked = source.noisy(SIZES[1] as (typeof SIZES)[number])
    await ahead.close()
    expect([...(await asked)]).toEqual([...(await noiseHere(batchOf(1, 2)).noisy(SIZES[1] as (typeof SIZES)[number]))])
    expect(await drawnBy(ahead.open, batchOf(3, 2))).toEqual(await drawnBy(noiseHere, batchOf(3, 2)))
  })
})
