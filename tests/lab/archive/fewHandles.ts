// Lists everything of an archive: fewHandles.ts ARCHIVE, run where few files may be open at once.
import { openArchive } from '../../../lab/archive/index.js'
import { createModelReader } from '../../../lab/compute/modelReader.js'
import { listModels } from '../../../lab/models/resolve.js'
import { openModelRegistry } from '../../../lab/models/registry.js'
import { openResultStore } from '../../../lab/probes/resultStore.js'

const archive = await openArchive(process.argv[2] ?? '')
const reader = createModelReader(new URL('../../../lab/compute/computeThread.mjs', import.meta.url))
const runs = await archive.list()
const models = await listModels({ archive, models: openModelRegistry(archive.folder, reader), reader })
const results = await openResultStore<{ id: string }>(archive.folder, 'spectra', 's').list()
await archive.close()
process.stdout.write(
  JSON.stringify({
    runs: runs.length,
    finished: runs.filter(({ state }) => state === 'finished').length,
    models: models.length,
    results: results.length,
  }),
)
