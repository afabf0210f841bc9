// Lists everything of an archive: fewHandles.ts ARCHIVE, run where few files may be open at once.
import { openArchive } from '../../../lab/archive/index.js'
import { listModels } from '../../../lab/models/resolve.js'
import { openModelShelf } from '../../../lab/models/shelf.js'
import { openResultStore } from '../../../lab/probes/resultStore.js'

const archive = await openArchive(process.argv[2] ?? '')
const runs = await archive.list()
const models = await listModels({ archive, models: openModelShelf(archive.folder) })
const results = await openResultStore<{ id: string }>(archive.folder, 'spectra', 's').list()
await archive.close()
process.stdout.write(JSON.stringify({ runs: runs.length, finished: runs.filter(({ state }) => state === 'finished').length, models: models.length, results: results.length }))
