import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { parseExperiment, type Preset, type RunRecord } from '../../contract/index.js'
import { noiseHere } from '../../engine/attacks/noiseSource.js'
import { openNoiseAhead } from '../../lab/compute/noiseAhead.js'
import { createLab } from '../../lab/lab.js'
import { readInstallation, tensorflowFolder } from '../../lab/tensorflow/installation.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const bundled = join(PROJECT, 'out', 'main', 'computeThread.js')
const built = existsSync(bundled)
const tensorflow = await readInstallation(tensorflowFolder()).then(
  (found) => found?.manifest.build ?? null,
  () => null,
)
const executors = ['auto', ...(tensorflow === null ? [] : [tensorflow === 'cuda' ? 'tensorflow-gpu' : 'tensorflow'])]
if (!built) console.warn('out/ is not built: the bundle that Electron starts is not tried in this run (npm run build).') // eslint-disable-line no-console

describe.skipIf(!built)('what Electron starts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-bundle-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

  it.each(executors)(
    'the bundled compute thread learns and draws on %s, with the packages that are left outside the bundle',
    async (executor) => {
      const { spec } = JSON.parse(readFileSync(join(PROJECT, 'resources/presets/quick-look.json'), 'utf8')) as Preset
      const lab = await createLab({
        archiveFolder: join(folder, `archive-${executor}`),
        storeFolder: join(folder, 'datasets'),
        dataFolders: [],
        host: 'electron',
        computeThread: pathToFileURL(bundled),
        version: '0',
        resourcesFolder: join(PROJECT, 'resources'),
      })
      try {
        const ended = new Promise<RunRecord>((resolve) =>
          lab.listen('run.changed', ({ record }) => {
            if (record.state === 'finished' || record.state === 'failed') resolve(record)
          }),
        )
        const { id } = await lab.call('run.submit', {
          spec: parseExperiment({
            ...spec,
            executor,
            dataset: { ...spec.dataset, imageLimit: 60 },
            schedule: { ...spec.schedule, epochs: 2 },
          }),
        })
        expect(await ended).toMatchObject({ id, state: 'finished', error: null })
        const figures = await lab.call('figure.export', {
          figure: 'A1',
          source: { kind: 'run', run: id },
          style: 'IJoCV',
          formats: ['eps', 'png'],
          folder: null,
          dpi: 100,
        })
        expect(figures.map(({ format }) => format)).toEqual(['eps', 'png'])
      } finally {
        await lab.close()
      }
    },
  )

  it('draws noise ahead in its bundled thread', async () => {
    const ahead = openNoiseAhead(pathToFileURL(join(PROJECT, 'out/main/noiseThread.js')))
    const batch = { images: new Float32Array(12), numbers: Int32Array.of(4), inputs: 12, entries: 10, seed: 3 }
    expect(await ahead.open(batch).noisy({ epsilon: 1, index: 2 })).toEqual(
      await noiseHere(batch).noisy({ epsilon: 1, index: 2 }),
    )
    expect(ahead.failure()).toBeNull()
    await ahead.close()
  })

  it('is JavaScript that Node can read', () => {
    for (const name of [
      'index.js',
      'lab.js',
      'computeThread.js',
      'noiseThread.js',
      'readerThread.js',
      'tensorflowTrial.js',
    ])
      expect(
        spawnSync(process.execPath, ['--check', join(PROJECT, 'out/main', name)], { encoding: 'utf8' }),
      ).toMatchObject({ stderr: '', status: 0 })
  })

  it('holds the program that tries a TensorFlow installation, which says so where there is none', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(PROJECT, 'out/main/tensorflowTrial.js')], {
      encoding: 'utf8',
      env: { ...process.env, LOCALLEARNING_TENSORFLOW: folder },
    })
    expect([status, stderr]).toEqual([1, expect.stringContaining("code: 'executor.unavailable'")])
  })

  it('only the entry imports electron, and the preload script nothing else', () => {
    expect(readFileSync(join(PROJECT, 'out/main/index.js'), 'utf8')).toMatch(/from "electron"/)
    expect(readFileSync(bundled, 'utf8')).not.toMatch(/["']electron["']/)
    expect(
      [...readFileSync(join(PROJECT, 'out/preload/index.cjs'), 'utf8').matchAll(/require\("([^"]+)"\)/g)].map(
        (match) => match[1],
      ),
    ).toEqual(['electron'])
  })
})
