import { expect, test as base } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startHost, temporaryHome, type TestHost } from './host.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const FILES = join(PROJECT, 'tests/lab/formats/files')

/** Two seeds of a perceptron on the built-in scenes; all that the pages of the probes need of a model, in a few seconds. */
const TRAINING = [
  'name=Scenes',
  'dataset.imageLimit=500',
  'model.hiddenUnits=20',
  'schedule.epochs=2',
  'probes.spectrumImages=100',
  'probes.windowEnd=15',
]

/** `lab` in a process of its own, while no host has the archive open. */
export function runLab(home: string, words: readonly string[]): void {
  execFileSync(process.execPath, ['cli/lab.mjs', ...words], {
    cwd: PROJECT,
    env: { ...process.env, LOCALLEARNING_HOME: home },
    stdio: 'ignore',
  })
}

function train(home: string): void {
  runLab(home, ['run', 'quick-classifier', '--seeds', '2', ...TRAINING.flatMap((setting) => ['--set', setting])])
  runLab(home, ['import', join(FILES, 'khmodel.2.15.pty'), '--name', 'small images'])
}

/**
 * The test of every spec in a browser: it fails over an error of the page, whatever else it expects.
 * `trainedHome` is a home folder with two seeds of a model called Scenes, and a model for images of 27 entries; trained once for all specs.
 */
export const test = base.extend<{ faults: string[] }, { trainedHome: string }>({
  faults: [
    async ({ page }, use) => {
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => {
        // A host that is killed leaves the browser's own lines.
        if (message.type() === 'error' && !/WebSocket|net::ERR/.test(message.text())) faults.push(message.text())
      })
      await use(faults)
      expect(faults).toEqual([])
    },
    { auto: true },
  ],
  trainedHome: [
    async ({}, use) => {
      const { home, remove } = temporaryHome()
      train(home)
      await use(home)
      remove()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
})

/** The web host of a spec file. */
export interface SpecHost {
  readonly url: string
  readonly home: string
  kill(): Promise<void>
  /** As with Ctrl-C. */
  stop(): Promise<void>
  /** Starts it again in the same home. */
  start(): Promise<void>
}

/**
 * Starts a web host before the tests of a file and ends it after them, in a home of its own.
 *
 * @param content - `trained`: the home has the models of `trainedHome`
 */
export function hostOfFile(content: 'empty' | 'trained' = 'empty'): SpecHost {
  const { home, remove } = temporaryHome()
  let host: TestHost | null = null
  const started = (): TestHost => {
    if (host === null) throw new Error('the host starts before the first test, not while the file is read')
    return host
  }
  const start = async (): Promise<void> => {
    host = await startHost(home)
  }
  if (content === 'trained') test.beforeAll(({ trainedHome }) => cpSync(trainedHome, home, { recursive: true }))
  test.beforeAll(start)
  test.afterAll(async () => {
    await started().kill()
    remove()
  })
  return {
    get url() {
      return started().url
    },
    home,
    start,
    kill: () => started().kill(),
    stop: () => started().stop(),
  }
}

export { expect }
