import { SHARE_ENV, Worker } from 'node:worker_threads'
import { fromWireError, type WireError } from '../../contract/index.js'
import type { AttackSize } from '../../engine/attacks/index.js'
import { noiseHere, type NoiseBatch, type OpenNoise } from '../../engine/attacks/noiseSource.js'

type DrawnSize = Omit<AttackSize, 'next'>
/** What the noise thread is reported. `room` is an array of an earlier answer, to be written again. */
export type ToNoise =
  | { tag: 'open'; ticket: number; batch: NoiseBatch }
  | { tag: 'draw'; ticket: number; size: DrawnSize; room: Float32Array | null }
/** What it answers. */
export type FromNoise = { ticket: number; index: number } & ({ noisy: Float32Array } | { error: WireError })

type Drawn = Promise<Float32Array>
const keyOf = (ticket: number, index: number): string => `${ticket} ${index}`

/** Noise from a thread of its own. */
export interface NoiseAhead {
  open: OpenNoise
  /** Why noise is drawn by the caller's own thread instead; null while the other one works. */
  failure(): Error | null
  close(): Promise<void>
}

/**
 * Draws noise on another thread, one size ahead, so that it is there when the executor is done with the size before. The bits are those of
 * `noiseHere`, which takes over for good when the thread fails.
 *
 * @param entry - noiseThread.mjs, or its bundle in Electron
 */
export function openNoiseAhead(entry: URL): NoiseAhead {
  const worker = new Worker(entry, { env: SHARE_ENV })
  // Noise that nobody waits for keeps no program alive.
  worker.unref()
  const waiting = new Map<string, { resolve(noisy: Float32Array): void; reject(error: Error): void }>()
  let lost: Error | null = null
  let nextTicket = 1
  const lose = (error: Error): void => {
    lost = error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', (answer: FromNoise) => {
    const key = keyOf(answer.ticket, answer.index)
    const asked = waiting.get(key)
    waiting.delete(key)
    if ('noisy' in answer) asked?.resolve(answer.noisy)
    else asked?.reject(fromWireError(answer.error))
  })
  worker.on('error', (error) => lose(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => lose(new Error(`the noise thread exited with code ${code}`)))

  const send = (message: ToNoise, transfer: readonly ArrayBuffer[]): void => worker.postMessage(message, [...transfer])
  return {
    open: (batch) => {
      const here = noiseHere(batch)
      const ticket = nextTicket++
      if (lost === null) send({ tag: 'open', ticket, batch }, [])
      const drawn = new Map<number, Drawn>()
      let held: Float32Array | null = null
      const draw = ({ epsilon, index }: DrawnSize): Drawn => {
        const known = drawn.get(index)
        if (known !== undefined) return known
        const room = held
        held = null
        const promise = new Promise<Float32Array>((resolve, reject) => {
          waiting.set(keyOf(ticket, index), { resolve, reject })
          send(
            { tag: 'draw', ticket, size: { epsilon, index }, room },
            room === null ? [] : [room.buffer as ArrayBuffer],
          )
        })
        // Whoever asks for it hears of a failure.
        promise.catch(() => undefined)
        drawn.set(index, promise)
        return promise
      }
      let last: Float32Array | null = null
      return {
        noisy: async (size) => {
          if (lost !== null) return here.noisy(size)
          worker.ref()
          try {
            // What the last call gave may be written again.
            held = last
            last = null
            const noisy = await draw(size)
            drawn.delete(size.index)
            if (size.next !== undefined) void draw(size.next)
            last = noisy
            return noisy
          } catch {
            return await here.noisy(size)
          } finally {
            worker.unref()
          }
        },
      }
    },
    failure: () => lost,
    close: async () => {
      lost = new Error('the noise thread was closed')
      await worker.terminate()
    },
  }
}
