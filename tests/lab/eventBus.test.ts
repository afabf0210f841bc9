import { expect, test } from 'vitest'
import { createEventBus } from '../../lab/eventBus.js'

test('a listener that throws is reported and harms neither the other listeners nor who emits', () => {
  const reported: string[] = []
  const bus = createEventBus((event, error) => reported.push(`${event}: ${String(error)}`))
  const heard: string[] = []
  bus.listen('run.removed', () => {
    throw new Error('this window is gone')
  })
  bus.listen('run.removed', ({ id }) => heard.push(id))
  bus.emit('run.removed', { id: 'r-1' })
  bus.emit('run.removed', { id: 'r-2' })
  expect(heard).toEqual(['r-1', 'r-2'])
  expect(reported).toEqual(['run.removed: Error: this window is gone', 'run.removed: Error: this window is gone'])
})

test('a listener hears nothing more once it has been removed, and one added during an event hears the next', () => {
  const bus = createEventBus()
  const heard: string[] = []
  const stop = bus.listen('run.removed', ({ id }) => {
    heard.push(`first ${id}`)
    stop()
    bus.listen('run.removed', (event) => heard.push(`second ${event.id}`))
  })
  bus.emit('run.removed', { id: 'r-1' })
  bus.emit('run.removed', { id: 'r-2' })
  expect(heard).toEqual(['first r-1', 'second r-2'])
})
