// Plain JavaScript, so that Node can start it; see lab/tensorflow/runTrial.ts.
import { loadEntry } from '../../entry.mjs'

await loadEntry('tensorflowTrial', new URL('./tensorflowTrial.ts', import.meta.url))
