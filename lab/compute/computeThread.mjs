// Node starts this as a worker; Electron's build starts the bundle of computeThread.ts directly.
import { loadEntry } from '../entry.mjs'

await loadEntry('computeThread', new URL('./computeThread.ts', import.meta.url))
