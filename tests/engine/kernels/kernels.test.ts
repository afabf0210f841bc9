import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { compileKernel, kernelNames } from '../../../engine/kernels/build.mjs'

describe('kernels', () => {
  it('are kept as their sources compile', async () => {
    const names = await kernelNames()
    expect(names.length).toBeGreaterThan(0)
    for (const name of names)
      expect(
        await readFile(new URL(`../../../engine/kernels/${name}.wasm.ts`, import.meta.url), 'utf8'),
        `run \`npm run kernels\` for ${name}`,
      ).toBe(await compileKernel(name))
  })
})
