// `npm run test:tensorflow` and `npm run test:tensorflow-cuda`: install TensorFlow into a folder of the system's cache, not of the
// project, and run the golden and executor tests on it. The CUDA build (570 MB) is fetched without the libraries of CUDA: where
// no graphics processor answers, it has to load, ask the driver, and compute on the processor.
import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { PROJECT } from '../cli/start/project.mjs'

const gpu = process.argv.includes('--gpu')
const name = gpu ? 'tensorflow-gpu' : 'tensorflow'
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'locallearning-workbench')
const environment = {
  ...process.env,
  LOCALLEARNING_TENSORFLOW: process.env.LOCALLEARNING_TENSORFLOW ?? join(cache, name),
  LOCALLEARNING_REQUIRED_EXECUTORS: name,
}

function run(...words) {
  const { status } = spawnSync(process.execPath, words, { cwd: PROJECT, env: environment, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

run('cli/lab.mjs', 'tensorflow', 'install', ...(gpu ? ['--gpu', '--no-cuda-libraries'] : []))
run('node_modules/vitest/vitest.mjs', 'run', '--project', 'lab', 'tests/engine', '-t', `${name}(?!-)`)
