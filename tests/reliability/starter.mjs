// A process that tries to become the owner of an archive on request; owners.ts starts several of them.
import { register } from 'tsx/esm/api'

register()
await import('./starter.ts')
