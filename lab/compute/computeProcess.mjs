// Plain JavaScript, so that Node can start it as a process; Electron's build bundles computeProcess.ts instead.
import { register } from 'tsx/esm/api'

register()
await import('./computeProcess.ts')
