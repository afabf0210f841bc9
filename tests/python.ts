import { spawnSync } from 'node:child_process'

/** A Python that has this module: `LOCALLEARNING_PYTHON`, Debian's or the one on the path; null when none has. */
export function pythonWith(module: string): string | null {
  for (const python of [process.env['LOCALLEARNING_PYTHON'], '/usr/bin/python3', 'python3']) {
    if (python !== undefined && spawnSync(python, ['-c', `import ${module}`]).status === 0) return python
  }
  // Straight to the terminal, so that a run without it is seen to be one.
  process.stderr.write(`not tested here: no python3 with ${module} was found (apt-get install python3-${module})\n`)
  return null
}
