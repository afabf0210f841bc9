import { parentPort } from 'node:worker_threads'
import { LabError, toWireError } from '../../contract/index.js'
import { fillNoisyImages, type NoiseBatch } from '../../engine/attacks/noiseSource.js'
import type { FromNoise, ToNoise } from './noiseAhead.js'

const port = parentPort
if (port === null) throw new LabError('internal', 'noiseThread.ts must be started as a worker')

let opened: { ticket: number; batch: NoiseBatch } | null = null

const draw = ({ ticket, size, room }: Extract<ToNoise, { tag: 'draw' }>): FromNoise => {
  if (opened?.ticket !== ticket) throw new LabError('internal', `batch ${ticket} was closed before its noise was drawn`)
  const noisy = room ?? new Float32Array(opened.batch.images.length)
  fillNoisyImages(noisy, opened.batch, size)
  return { ticket, index: size.index, noisy }
}

port.on('message', (message: ToNoise) => {
  if (message.tag === 'open') {
    opened = message
    return
  }
  try {
    const answer = draw(message)
    port.postMessage(answer, 'noisy' in answer ? [answer.noisy.buffer as ArrayBuffer] : [])
  } catch (error) {
    port.postMessage({
      ticket: message.ticket,
      index: message.size.index,
      error: toWireError(error),
    } satisfies FromNoise)
  }
})
