import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'

/** Times, ids and log lines differ from one computing to the next; nothing else may. */
const TIMED = /"name":"(?:samplesPerSecond|secondsLeft)"/
const OWN_KEYS = new Set(['wall', 'createdAt', 'changedAt', 'startedAt', 'finishedAt', 'seconds', 'id', 'folder', 'of'])

const withoutTimes = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith(tmpdir())
    ? // The name of a model is the path of its file.
      basename(value)
    : typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([key]) => !OWN_KEYS.has(key)))
      : value

function comparable(path: string): string | Buffer {
  const bytes = readFileSync(path)
  const plain = (text: string): string => JSON.stringify(JSON.parse(text), withoutTimes)
  if (path.endsWith('.jsonl'))
    return bytes
      .toString()
      .trimEnd()
      .split('\n')
      .filter((line) => !TIMED.test(line))
      .map(plain)
      .join('\n')
  return path.endsWith('.json') ? plain(bytes.toString()) : bytes
}

/**
 * Hashes of the files of a folder, by their paths.
 *
 * @param compared - which files are to be the same
 */
export function contentsOf(folder: string, compared: (path: string) => boolean): Map<string, string> {
  const found = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name))
    if (!entry.isFile() || !compared(path)) continue
    found.set(
      path,
      createHash('sha256')
        .update(comparable(join(folder, path)))
        .digest('hex'),
    )
  }
  return found
}

/** What two folders differ in. */
export const differences = (expected: Map<string, string>, got: Map<string, string>): string[] =>
  [...new Set([...expected.keys(), ...got.keys()])]
    .filter((path) => expected.get(path) !== got.get(path))
    .map((path) =>
      got.has(path) ? (expected.has(path) ? `differs: ${path}` : `too many: ${path}`) : `missing: ${path}`,
    )
