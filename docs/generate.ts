// Writes what follows from the definitions in contract/, docs/REFERENCE.md and the lists of code in engine/: `npm run docs`.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { memberFiles } from './members.js'
import { referencePage } from './reference.js'

writeFileSync(fileURLToPath(new URL('REFERENCE.md', import.meta.url)), referencePage())
for (const { path, text } of memberFiles()) writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text)
