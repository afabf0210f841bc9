import { defineConfig } from '@playwright/test'
import { chromiumOptions } from './tests/e2e/browser.js'

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  fullyParallel: false,
  // Two cores; spec files run side by side, each with a host of its own.
  workers: 2,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    actionTimeout: 30_000,
    viewport: { width: 1440, height: 900 },
    launchOptions: chromiumOptions(),
    trace: 'retain-on-failure',
  },
})
