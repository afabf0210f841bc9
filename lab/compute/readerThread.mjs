// Node starts this as a worker; Electron's build starts the bundle of readerThread.ts directly.
import { loadEntry } from '../entry.mjs'

await loadEntry('readerThread', new URL('./readerThread.ts', import.meta.url))
