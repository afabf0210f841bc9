import { describe, expect, it } from 'vitest'
import { presetSpec } from '../renderer/fakeLab.js'
import { createMachine, shareUnder, type Machine } from '../../lab/machine.js'
import { workOf } from '../../lab/work.js'
import { estimateText, loadNote } from '../../renderer/format/index.js'

const spec = presetSpec('quick-look')
const work = workOf(spec, 0)

/** A machine whose steps take the time that other programs leave them. */
function machineWith(share: { now: number }): { machine: Machine; measured: () => number } {
  let count = 0
  const compute = {
    load: 0,
    ask: () => {
      count++
      return Promise.resolve({ executor: 'wasm', workPerSecond: 100 * share.now })
    },
  }
  return {
    machine: createMachine(
      compute as never,
      () => Promise.resolve({ executor: 'auto' } as never),
      () => share.now,
    ),
    measured: () => count,
  }
}

describe('speed measured under load', () => {
  it('shares the processors among all runnable processes', () => {
    expect([shareUnder(0, 2), shareUnder(0.9, 2), shareUnder(2, 2), shareUnder(6, 2)]).toEqual([1, 1, 0.5, 0.25])
  })
  it('says its share, and is measured again once the machine is less busy', async () => {
    const share = { now: 0.25 }
    const { machine, measured } = machineWith(share)
    expect(await machine.speed(spec, work)).toEqual({ executor: 'wasm', workPerSecond: 25, share: 0.25 })
    await machine.speed(spec, work)
    expect(measured()).toBe(1)
    share.now = 1
    expect(await machine.speed(spec, work)).toEqual({ executor: 'wasm', workPerSecond: 100, share: 1 })
    share.now = 0.5
    expect(await machine.speed(spec, work)).toMatchObject({ share: 1 })
    expect(measured()).toBe(2)
  })
  it('is shown as a range', () => {
    expect(estimateText({ seconds: 720, idleSeconds: null })).toBe('about 12\u00a0min')
    expect(estimateText({ seconds: 720, idleSeconds: 180 })).toBe('3\u00a0min to 12\u00a0min')
    expect(estimateText({ seconds: 720, idleSeconds: 180 }, 5)).toBe('15\u00a0min to 1\u00a0h\u00a000')
    expect(estimateText({ seconds: null, idleSeconds: null })).toBe('')
    expect([loadNote({ idleSeconds: 1 }), loadNote({ idleSeconds: null })]).toEqual(['measured under load', ''])
  })
})
