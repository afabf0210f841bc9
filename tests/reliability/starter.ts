import { lockArchive } from '../../lab/archive/lock/index.js'
import { commonNow, OWNERS_TIMING, type StarterAnswer, type StarterOrder } from './starterOrders.js'

let owned: Awaited<ReturnType<typeof lockArchive>> | null = null
const answer = (message: StarterAnswer): void => void process.send?.(message)

/** Waits for the common moment without giving the processor away, so that all starters begin together. */
function waitFor(atMs: number): void {
  while (commonNow() < atMs);
}

process.on('message', (order: StarterOrder) => {
  void (async () => {
    if (order.kind === 'release') {
      await owned?.release()
      owned = null
      return answer({ kind: 'released' })
    }
    if (order.kind === 'confirm')
      return answer({
        kind: 'confirmed',
        owner:
          owned !== null &&
          (await owned.confirm().then(
            () => true,
            () => false,
          )),
      })
    waitFor(order.atMs)
    try {
      owned = await lockArchive(order.folder, { timing: OWNERS_TIMING, takeOver: order.takeOver })
      answer({ kind: 'started', owner: true, error: null })
    } catch (error) {
      answer({
        kind: 'started',
        owner: false,
        error: error instanceof Error && 'code' in error ? String(error.code) : String(error),
      })
    }
  })()
})
answer({ kind: 'ready' })
