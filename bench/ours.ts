// A process of its own for one stage: nothing else is in its memory, and nothing of another stage warms its caches.
import { createExecutor } from '../lab/compute/executors/index.js'
import { STAGES, type Sizes, type StageName } from './stages/index.js'

/** What the process says once it is ready, and after each stretch. */
export type FromOurs =
  | { ready: { executor: string; note: string | null } }
  | { times: number[]; beside: number[]; rssMb: number }
  | { failed: string }

const [name, sizes, executorName] = process.argv.slice(2) as [StageName, string, 'auto' | 'onnx-cpu']
const send = (message: FromOurs): void => void process.send?.(message)

try {
  const { executor } = await createExecutor(executorName)
  const prepared = await STAGES[name].stage.prepare(JSON.parse(sizes) as Sizes, executor)
  send({ ready: { executor: executor.name, note: prepared.note ?? null } })
  process.on('message', ({ steps }: { steps: number }) => {
    void (async () => {
      const [times, beside]: [number[], number[]] = [[], []]
      for (let step = 0; step < steps; step++) {
        const started = performance.now()
        await prepared.run()
        times.push(performance.now() - started)
        if (prepared.beside === undefined) continue
        const begun = performance.now()
        await prepared.beside()
        beside.push(performance.now() - begun)
      }
      send({ times, beside, rssMb: process.resourceUsage().maxRSS / 1024 })
    })().catch((error: unknown) => send({ failed: String(error) }))
  })
} catch (error) {
  send({ failed: String(error) })
  process.disconnect()
}
