// `npm run bench [-- --only STAGE…] [--json FILE] [--quick] [--python PATH]`: what each stage takes, beside PyTorch and the product that limits it.
// Absolute times depend on the machine; ratios are taken in one run, turn by turn.
import { existsSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeFileAtomically } from '../lab/files/atomicWrite.js'
import { programVersions } from '../lab/versions.js'
import { figureLine, FULL_LIBRARY, measureLibrary, QUICK_LIBRARY } from './library/index.js'
import { measure, median, type Measured, type Remarks } from './measure.js'
import { startOurs } from './processes.js'
import { DATA_FOLDERS } from './stages/images.js'
import { FULL, QUICK, STAGE_NAMES, type StageName } from './stages/index.js'

const { values: options, positionals } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    python: { type: 'string', default: 'python3' },
    executor: { type: 'string', default: 'onnx-cpu' },
  },
  allowPositionals: true,
})
const asked = [...(options.only ?? []).flatMap((names) => names.split(',')), ...positionals]
const LIBRARY = 'library'
const unknown = asked.find((name) => name !== LIBRARY && !(STAGE_NAMES as string[]).includes(name))
if (unknown !== undefined) {
  console.error(`expected stages among ${[...STAGE_NAMES, LIBRARY].join(', ')}, got ${unknown}`)
  process.exit(2)
}
const stages = STAGE_NAMES.filter((name: StageName) => asked.length === 0 || asked.includes(name))
const sizes = options.quick ? QUICK : FULL
const ROUNDS = options.quick ? 2 : 4
const archive =
  DATA_FOLDERS.map((folder) => join(folder, 'cifar-10-binary.tar.gz')).find((path) => existsSync(path)) ?? null

const text = (value: number | null, digits: number, unit = ''): string =>
  value === null ? '-' : `${value.toFixed(digits)}${unit}`

function line(row: Measured & Remarks): string {
  const speed = row.ratioToPeer === null ? '-' : `${(1 / row.ratioToPeer).toFixed(2)} x`
  const columns = [
    text(row.oursMs, 1, ' ms'),
    text(row.oursMinMs, 1),
    text(row.peerMs, 1, ' ms'),
    text(row.peerMinMs, 1),
    speed,
    text(row.limitMs, 1, ' ms'),
    text(row.ratioToLimit, 2, ' x'),
    text(row.rssMb, 0, ' MB'),
  ]
  const remarks = [
    row.peer === null ? 'no PyTorch here' : `peer: ${row.peer}`,
    ...(row.ratioToSteps === null ? [] : [`${row.ratioToSteps.toFixed(3)} x its steps`]),
    ...(row.note === null ? [] : [row.note]),
  ]
  return `${row.stage.padEnd(21)} ${row.executor.padEnd(9)}${columns.map((column) => column.padStart(11)).join('')}   ${remarks.join('; ')}`
}

const machine = {
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryMb: Math.round(totalmem() / 1e6),
  platform: `${process.platform} ${process.arch}`,
}
const library =
  asked.length > 0 && !asked.includes(LIBRARY)
    ? []
    : await measureLibrary(options.quick ? QUICK_LIBRARY : FULL_LIBRARY, (figure) => console.log(figureLine(figure)))
if (stages.length === 0) {
  if (options.json !== undefined)
    await writeFileAtomically(options.json, Buffer.from(`${JSON.stringify({ machine, library }, null, 2)}\n`))
  process.exit(0)
}
console.log(
  `${machine.processor}, ${machine.cores} cores; d ${sizes.inputs}, H ${sizes.units}, B ${sizes.batch}; medians and minima, ours beside the peer, turn by turn`,
)
console.log(
  `${'stage'.padEnd(21)} ${'executor'.padEnd(9)}${['ours', 'min', 'PyTorch', 'min', 'faster', 'limit', 'of limit', 'memory'].map((column) => column.padStart(11)).join('')}`,
)

const rows: (Measured & Remarks)[] = []
const limit = await startOurs('gemm', sizes, options.executor)
await limit.time(2)
for (const stage of stages) {
  const row = await measure(stage, {
    sizes,
    executor: options.executor,
    python: options.python,
    archive,
    limit,
    rounds: ROUNDS,
    quick: options.quick,
  })
  rows.push(row)
  console.log(line(row))
}
limit.stop()

const versions = {
  ...programVersions(process.env['npm_package_version'] ?? 'unknown'),
  ...(Object.assign({}, ...rows.map((row) => row.versions)) as Record<string, string>),
}
const gemmMs = median(rows.flatMap(({ gemmTimes }) => gemmTimes))
console.log(
  `\nthe product alone: ${gemmMs.toFixed(1)} ms; ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}`,
)
if (options.json !== undefined) {
  const table = rows.map(
    ({ stage, executor, oursMs, peerMs, limitMs, ratioToPeer, ratioToLimit, rssMb }): Measured => ({
      stage,
      executor,
      oursMs,
      peerMs,
      limitMs,
      ratioToPeer,
      ratioToLimit,
      rssMb,
    }),
  )
  await writeFileAtomically(
    options.json,
    Buffer.from(`${JSON.stringify({ machine, versions, limit: { gemmMs }, library, stages: table }, null, 2)}\n`),
  )
}
