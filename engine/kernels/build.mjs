// `npm run kernels`: compiles every file of assembly/ and writes it as text beside this script. The result is kept in the
// repository, so that no compiler is needed to run the workbench; a test compiles it again and compares.
import asc from 'assemblyscript/asc'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const FOLDER = new URL('./assembly/', import.meta.url)

/** @returns {Promise<string[]>} names of the kernels' sources */
export async function kernelNames() {
  return (await readdir(FOLDER))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3))
    .sort()
}

/**
 * @param {string} name - a file of assembly/, without its ending
 * @returns {Promise<string>} the module that holds it
 */
export async function compileKernel(name) {
  const source = await readFile(new URL(`${name}.ts`, FOLDER), 'utf8')
  let binary = null
  const { error, stderr } = await asc.main(
    [
      'kernel.ts',
      '--outFile',
      'kernel.wasm',
      '-O3',
      '--enable',
      'simd',
      '--importMemory',
      '--runtime',
      'stub',
      '--noAssert',
    ],
    {
      readFile: (file) => (file === 'kernel.ts' ? source : null),
      writeFile: (file, contents) => void (file === 'kernel.wasm' && (binary = contents)),
      listFiles: () => [],
    },
  )
  if (error !== null || binary === null)
    throw new Error(`${name}: ${error?.message ?? 'no output'}\n${stderr.toString()}`)
  return `// Written by \`npm run kernels\` from assembly/${name}.ts; do not edit.\nexport default '${Buffer.from(binary).toString('base64')}'\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of await kernelNames())
    await writeFile(new URL(`${name}.wasm.ts`, import.meta.url), await compileKernel(name))
}
