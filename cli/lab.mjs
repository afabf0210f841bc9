#!/usr/bin/env node
import { loadEntry } from '../lab/entry.mjs'

await loadEntry('lab', new URL('./index.ts', import.meta.url))
