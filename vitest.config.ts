import vue from '@vitejs/plugin-vue'
import { existsSync } from 'node:fs'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'

/** Debian's Chromium brings a Vulkan driver in software and its loader: with them WebGPU runs without a graphics card. */
const SOFTWARE = {
  folder: '/usr/lib/chromium',
  driver: '/usr/lib/chromium/vk_swiftshader_icd.json',
  loader: '/usr/lib/chromium/libvulkan.so.1',
}

/** Everything that is tested on each executor once more, on WebGPU alone: a process finds its driver by variables set before it starts. */
const webgpu: TestProjectConfiguration = {
  extends: true,
  test: {
    name: 'webgpu',
    include: ['tests/engine/**/*.test.ts'],
    // Projects take it, though their types do not include it: the other tests of these files belong to the project "lab".
    ...{ testNamePattern: /on onnx-webgpu/ },
    env: {
      ORT_DISABLE_TELEMETRY: '1',
      VK_ICD_FILENAMES: SOFTWARE.driver,
      LD_LIBRARY_PATH: [SOFTWARE.folder, process.env['LD_LIBRARY_PATH'] ?? ''].filter((path) => path !== '').join(':'),
      WORKBENCH_TEST_EXECUTORS: 'onnx-webgpu',
    },
  },
}
const software = existsSync(SOFTWARE.driver) && existsSync(SOFTWARE.loader)
if (!software)
  process.stderr.write(
    `not tested here: WebGPU on a driver in software, since ${SOFTWARE.driver} or its loader is not here (on Debian: apt install chromium)\n`,
  )

export default defineConfig({
  plugins: [vue()],
  test: {
    exclude: ['tests/e2e/**'],
    testTimeout: 60_000,
    // Two cores: more workers only slow each other down.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        // Tests load libraries without the worker threads that switch this off.
        test: { name: 'lab', include: ['tests/**/*.test.ts'], env: { ORT_DISABLE_TELEMETRY: '1' } },
      },
      ...(software ? [webgpu] : []),
    ],
  },
})
