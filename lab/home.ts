import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Where the workbench keeps its archive, its shelf of datasets and TensorFlow.
 *
 * @returns LOCALLEARNING_HOME if set, else the system's usual place for a program's data
 */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const name = 'locallearning-workbench'
  if (environment['LOCALLEARNING_HOME']) return resolve(environment['LOCALLEARNING_HOME'])
  if (process.platform === 'win32') return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), name)
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name)
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), name)
}
