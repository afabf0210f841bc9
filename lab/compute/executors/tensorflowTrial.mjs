// Plain JavaScript, so that Node can start it; see lab/tensorflow/runTrial.ts.
import { register } from 'tsx/esm/api'

register()
await import('./tensorflowTrial.ts')
