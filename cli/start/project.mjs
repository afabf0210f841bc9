import { fileURLToPath } from 'node:url'

/** The project's root. */
export const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
