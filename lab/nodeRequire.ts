import { createRequire } from 'node:module'

/**
 * Finds and loads what packages hold beside their exports.
 *
 * Not named `require`: where a file calls that name, electron-vite declares it for the bundle, and two declarations are none.
 */
export const nodeRequire: NodeJS.Require = createRequire(import.meta.url)
