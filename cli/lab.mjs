#!/usr/bin/env node
// Plain JavaScript, so that Node can start it; everything else is TypeScript, loaded without a build step.
import { register } from 'tsx/esm/api'

register()
await import('./index.ts')
