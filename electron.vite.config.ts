import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'

const at = (path: string): string => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      target: 'node20',
      outDir: 'out/main',
      rollupOptions: {
        input: {
          index: at('main/index.ts'),
          lab: at('cli/index.ts'),
          computeThread: at('lab/compute/computeThread.ts'),
          computeProcess: at('lab/compute/computeProcess.ts'),
          noiseThread: at('lab/compute/noiseThread.ts'),
          readerThread: at('lab/compute/readerThread.ts'),
          tensorflowTrial: at('lab/compute/executors/tensorflowTrial.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      lib: { entry: at('preload/index.ts'), formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: 'index.cjs' } },
    },
  },
  renderer: {
    root: at('renderer'),
    build: {
      outDir: at('out/renderer'),
      target: 'chrome120',
      minify: true,
      rollupOptions: { input: at('renderer/index.html') },
    },
    plugins: [vue()],
  },
})
