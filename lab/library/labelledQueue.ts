import type { Queue } from '../jobs/runs/queue.js'
import type { Labels } from './labels.js'

/** A queue whose records carry the names and tags that users gave: running work knows only those of its start. */
export const labelledQueue = (queue: Queue, { shown }: Pick<Labels, 'shown'>): Queue => ({
  ...queue,
  get ids() {
    return queue.ids
  },
  get held() {
    return queue.held
  },
  get runningIds() {
    return queue.runningIds
  },
  live: (record) => shown(queue.live(record)),
  submit: async (...given) => shown(await queue.submit(...given)),
  pause: async (id) => shown(await queue.pause(id)),
  resume: async (id, executor) => shown(await queue.resume(id, executor)),
  stop: async (id) => shown(await queue.stop(id)),
})
