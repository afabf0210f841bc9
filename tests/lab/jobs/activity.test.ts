import { expect, test } from 'vitest'
import type { Activity } from '../../../contract/index.js'
import { createActivityList } from '../../../lab/jobs/activity.js'
import { createEventBus } from '../../../lab/eventBus.js'

test('long commands are listed while they compute, and no longer, whether they end well or not', async () => {
  const bus = createEventBus()
  const reported: Activity[][] = []
  bus.listen('activity.changed', ({ activities }) => reported.push(activities))
  const list = createActivityList(bus)
  let finish = (): void => undefined
  const work = list.follow(
    'spectrum.ofModel',
    { model: 'KH' } as never,
    () => new Promise<void>((resolve) => (finish = resolve)),
  )
  expect(list.activities).toMatchObject([{ command: 'spectrum.ofModel', subject: 'KH' }])
  const failing = list.follow(
    'plane.compute',
    {
      models: [
        { model: 'r-1', label: 'BP' },
        { model: 'r-2', label: 'KH' },
      ],
    } as never,
    () => Promise.reject(new Error('no memory')),
  )
  expect(list.activities.map(({ subject }) => subject)).toEqual(['KH', 'BP, KH'])
  await expect(failing).rejects.toThrow('no memory')
  finish()
  await work
  expect(list.activities).toEqual([])
  expect(reported.map(({ length }) => length)).toEqual([1, 2, 1, 0])
})

test('short commands are not listed', async () => {
  const list = createActivityList(createEventBus())
  await list.follow('run.list', null, () => Promise.resolve(expect(list.activities).toEqual([])))
})
