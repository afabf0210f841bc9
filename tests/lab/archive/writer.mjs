// A process that writes to an archive until it is killed, and says on standard output what was acknowledged.
import { register } from 'tsx/esm/api'

register()
await import('./writer.ts')
