// Plain JavaScript, so that Node can start it as a worker; Electron's build bundles readerThread.ts instead.
import { register } from 'tsx/esm/api'

register()
await import('./readerThread.ts')
