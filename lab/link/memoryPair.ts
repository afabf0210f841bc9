import type { Endpoint, Frame } from '../../contract/index.js'

interface Side {
  endpoint: Endpoint
  deliver(frame: Frame): void
  end(): void
}

function makeSide(partner: () => Side): Side {
  const frameListeners: ((frame: Frame) => void)[] = []
  const closeListeners: (() => void)[] = []
  let open = true
  const end = (): void => {
    if (!open) return
    open = false
    for (const listener of closeListeners) listener()
  }
  return {
    endpoint: {
      send: (frame) => {
        if (!open) return
        const copy = structuredClone(frame)
        queueMicrotask(() => partner().deliver(copy))
      },
      onFrame: (listener) => frameListeners.push(listener),
      onClose: (listener) => closeListeners.push(listener),
      close: () => {
        end()
        queueMicrotask(() => partner().end())
      },
    },
    deliver: (frame) => {
      if (open) for (const listener of frameListeners) listener(frame)
    },
    end,
  }
}

/** Two ends of a transport inside one process; every frame is cloned as between processes. Closing one end closes both. */
export function createMemoryPair(): [Endpoint, Endpoint] {
  const left: Side = makeSide(() => right)
  const right: Side = makeSide(() => left)
  return [left.endpoint, right.endpoint]
}
