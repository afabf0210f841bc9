import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Exports runs in every format and reads them with the programs that people use (readers.py). It needs Python 3 and, the
 * first time, PyPI; the packages go into node_modules/.cache/interchange.
 */

const project = fileURLToPath(new URL('../..', import.meta.url))
const here = join(project, 'tests', 'interchange')
const environment = join(project, 'node_modules', '.cache', 'interchange')
const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')

/** Runs a program and ends with it where it fails. */
function run(program, ...words) {
  const { status, error } = spawnSync(program, words, { cwd: project, stdio: 'inherit' })
  if (error !== undefined) process.stderr.write(`${program}: ${error.message}\n`)
  if (status !== 0) process.exit(status ?? 1)
}

if (!existsSync(python)) run(process.env.LOCALLEARNING_PYTHON ?? 'python3', '-m', 'venv', environment)
run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(here, 'requirements.txt'))

const folder = mkdtempSync(join(tmpdir(), 'workbench-interchange-'))
try {
  const archive = join(folder, 'archive')
  const out = join(folder, 'out')
  const lab = (...words) => run(process.execPath, join(project, 'cli', 'lab.mjs'), ...words, '--archive', archive)
  lab('run', 'quick-look', '--set', 'schedule.epochs=3', '--seed', '3')
  // As if it had been resumed after its first epoch: readers must not forget the epochs before.
  const [id = ''] = readdirSync(join(archive, 'runs'))
  const record = join(archive, 'runs', id, 'run.json')
  writeFileSync(record, JSON.stringify({ ...JSON.parse(readFileSync(record, 'utf8')), resumedAt: [1] }))
  const table = join(folder, 'edges.csv')
  const edges = ['0.1', '-0', '0', 'NaN', 'Infinity', '-Infinity', '5e-324', '1.7976931348623157e308', '1e-45']
  const lines = edges.map((value, index) => `a,"=two, ""words""",loss,${index},${index},${value},`)
  writeFileSync(table, `run,name,measure,step,epoch,value,time\r\n${lines.join('\r\n')}\r\na,,seed,9,9,4,\r\n`)
  lab('import', join(here, 'files'), table)
  for (const format of ['csv', 'parquet', 'tensorboard'])
    lab('export', '--where', 'epoch >= 0', '--format', format, '--out', out)
  run(python, join(here, 'readers.py'), out, archive)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
