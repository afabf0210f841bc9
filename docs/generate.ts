// Writes docs/REFERENCE.md from the definitions in contract/: `npm run docs`.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { referencePage } from './reference.js'

writeFileSync(fileURLToPath(new URL('REFERENCE.md', import.meta.url)), referencePage())
