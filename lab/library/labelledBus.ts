import type { Events } from '../../contract/index.js'
import type { EventBus } from '../eventBus.js'
import type { Labels } from './labels.js'

/** A bus whose records of runs carry the names and tags that users gave: running work knows only those of its start. */
export const labelledBus = (bus: EventBus, labels: Pick<Labels, 'shown'>): EventBus => ({
  listen: bus.listen,
  emit: (name, payload) => {
    if (name !== 'run.changed') return bus.emit(name, payload)
    const { record } = payload as Events['run.changed']
    bus.emit('run.changed', { record: labels.shown(record) })
  },
})
