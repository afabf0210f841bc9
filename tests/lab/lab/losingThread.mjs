// The real compute thread in which executors are lost on demand. The name of an experiment says which, and in which step of its
// job: "onnx-cpu@10 wasm@3"; "memory" and "crash" change how. What is thrown goes through the same translation as ONNX Runtime's own errors.
import { parentPort } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

const losses = new Map()
const MESSAGES = {
  memory: 'Failed to allocate memory for requested buffer of size 1',
  crash: 'crash',
  lost: 'WebGPU device has been lost: reason 1',
}
let message = MESSAGES.lost
register()
const { STARTERS } = await import('../../../lab/compute/executors/starters.ts')
const { onnxError } = await import('../../../engine/executor/onnx/session.ts')

for (const [name, starter] of Object.entries(STARTERS)) {
  const start = starter.start
  starter.start = async () => {
    if (losses.get(name) === 'start') throw new Error('libcudart.so.12: cannot open shared object file')
    const executor = await start()
    const device = losses.has(`${name} on`)
      ? { kind: 'graphics', name: losses.get(`${name} on`), memoryBytes: 80 * 2 ** 30 }
      : executor.device
    return {
      ...executor,
      device,
      layerProgram: async (options) => {
        const program = await executor.layerProgram(options)
        let steps = 0
        return {
          ...program,
          step: async (images, rate) => {
            if (++steps !== losses.get(name)) return program.step(images, rate)
            if (message === 'crash') process.exit(7)
            throw onnxError(new Error(message), 'a learning step')
          },
        }
      },
    }
  }
}
const listen = ({ name, input }) => {
  if (name !== 'experiment') return
  losses.clear()
  for (const [, executor, step] of input.spec.name.matchAll(/([a-z-]+)@(\w+)/g))
    losses.set(executor, step === 'start' ? step : Number(step))
  for (const [, executor, adapter] of input.spec.name.matchAll(/([a-z-]+) on ([^;]+);/g))
    losses.set(`${executor} on`, adapter)
  message = MESSAGES[Object.keys(MESSAGES).find((word) => input.spec.name.includes(word)) ?? 'lost']
}
const on = parentPort.on.bind(parentPort)
parentPort.on = (event, listener) =>
  on(event, (sent) => {
    listen(sent)
    listener(sent)
  })
// Last: messages flow as soon as it listens.
await import('../../../lab/compute/computeThread.ts')
