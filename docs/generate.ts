// Writes what follows from definitions: docs/REFERENCE.md, docs/CLI.md, and the lists of code of each family: `npm run docs`.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { commandLinePage } from './commandLine.js'
import { memberFiles } from './members.js'
import { referencePage } from './reference.js'

writeFileSync(fileURLToPath(new URL('REFERENCE.md', import.meta.url)), referencePage())
writeFileSync(fileURLToPath(new URL('CLI.md', import.meta.url)), commandLinePage())
for (const { path, text } of memberFiles()) writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text)
