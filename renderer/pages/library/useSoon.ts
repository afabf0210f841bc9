import { onScopeDispose } from 'vue'

/** Calls a function at most once in a time, the last request included. */
export function useSoon(everyMs: number, work: () => void): () => void {
  let timer = 0
  let calledMs = -Infinity
  const call = (): void => {
    timer = 0
    calledMs = performance.now()
    work()
  }
  onScopeDispose(() => window.clearTimeout(timer))
  return () => {
    if (timer !== 0) return
    const wait = calledMs + everyMs - performance.now()
    if (wait <= 0) call()
    else timer = window.setTimeout(call, wait)
  }
}
