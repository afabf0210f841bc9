import { nodeRequire } from './nodeRequire.js'

function versionOf(name: string): string | null {
  try {
    const manifest: unknown = nodeRequire(`${name}/package.json`)
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : null
  } catch {
    return null
  }
}

/**
 * What a run records of the software that computed it: program, node, platform, libraries.
 *
 * @param program - the program's own version
 */
export function programVersions(program: string): Record<string, string> {
  const libraries = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', 'onnxruntime-node'].map(
    (name): [string, string | null] => [name, versionOf(name)],
  )
  return {
    workbench: program,
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    ...Object.fromEntries(libraries.filter((entry): entry is [string, string] => entry[1] !== null)),
  }
}
