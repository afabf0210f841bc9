/** Carries out writes in the order of the calls; the first that fails is the last that is tried. */
export interface OrderedStore {
  write(work: () => Promise<unknown>): void
  /** Resolves when everything so far is written, or will never be. Never rejects. */
  settled(): Promise<void>
  /** What the failed write threw; undefined while all went well. */
  readonly failure: unknown
}

/** @param onFailure - called once, when a write failed */
export function createOrderedStore(onFailure: () => void): OrderedStore {
  let last: Promise<void> = Promise.resolve()
  let failed = false
  let failure: unknown
  return {
    write: (work) => {
      last = last.then(async () => {
        if (failed) return
        try {
          await work()
        } catch (error) {
          failed = true
          failure = error
          onFailure()
        }
      })
    },
    settled: () => last,
    get failure() {
      return failure
    },
  }
}
