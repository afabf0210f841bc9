// Node starts this as a worker; Electron's build starts the bundle of noiseThread.ts directly.
import { loadEntry } from '../entry.mjs'

await loadEntry('noiseThread', new URL('./noiseThread.ts', import.meta.url))
