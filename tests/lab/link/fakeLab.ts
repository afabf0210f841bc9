import { LabError, type CommandName, type EventName, type Events, type LabSettings } from '../../../contract/index.js'
import type { CallOptions, LabCore } from '../../../lab/core.js'
import { createEventBus, type EventBus } from '../../../lab/eventBus.js'

export const SETTINGS: LabSettings = {
  theme: 'dark',
  density: 'normal',
  railLabels: true,
  queueHeld: false,
  executor: 'auto',
  slots: 1,
  threadsPerSlot: null,
}

/** A lab of a few commands with known answers; only the link is under test. */
export interface FakeLab extends LabCore {
  bus: EventBus
  /** Signals of calls that wait to be cancelled. */
  waiting: AbortSignal[]
}

export function createFakeLab(): FakeLab {
  const bus = createEventBus()
  const waiting: AbortSignal[] = []
  const answers: Partial<Record<CommandName, (input: never, options: CallOptions) => Promise<unknown>>> = {
    'settings.get': async () => SETTINGS,
    'run.list': async () => {
      throw new LabError('file.diskFull', 'no space left', { path: '/archive', free: 0, note: null })
    },
    // Answers what it was given, later calls sooner.
    'run.readFile': async ({ path }: { path: string }) => {
      const [size = 0, value = 0, delay = 0] = path.split(' ').map(Number)
      await new Promise((resolve) => setTimeout(resolve, delay))
      return new Uint8Array(size).fill(value)
    },
    'run.metrics': async (input: unknown) => ({
      input,
      winningOverlap: {
        epoch: Float64Array.of(1, 2, 3),
        step: Float64Array.of(NaN, Infinity, -0),
        value: new Float64Array(0),
      },
    }),
    'run.array': async () => ({
      name: 'weights',
      epoch: 1,
      shape: [1, 3],
      data: Float32Array.of(0.5, -1, 3.25),
      odd: Uint8Array.of(1, 2, 3),
      wins: Int32Array.of(-5, 7),
      gone: undefined,
      none: null,
    }),
    'lab.doctor': (_input: null, { signal }: CallOptions) =>
      new Promise((_resolve, reject) => {
        if (signal === undefined) return reject(new Error('expected a signal'))
        waiting.push(signal)
        signal.addEventListener('abort', () => reject(new LabError('cancelled', 'as asked')))
      }),
    'spectrum.fit': async ({ eigenvalues }: { eigenvalues: Float64Array }) => ({
      sum: eigenvalues.reduce((sum, value) => sum + value, 0),
      kind: eigenvalues.constructor.name,
    }),
  }
  return {
    bus,
    waiting,
    call: async (name, input, options = {}) => {
      const answer = answers[name]
      if (answer === undefined) throw new Error(`the fake lab has no ${name}`)
      return (await answer(input as never, options)) as never
    },
    listen: <Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void) =>
      bus.listen(name, listener),
  }
}
