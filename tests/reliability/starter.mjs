// A process that tries to become the owner of an archive whenever it is told to; owners.ts starts several of them.
import { register } from 'tsx/esm/api'

register()
await import('./starter.ts')
