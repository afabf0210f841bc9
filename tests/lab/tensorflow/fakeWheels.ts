import { zipSync } from 'fflate'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a wheel of the tests holds. */
export interface FakeWheel {
  project?: string
  version?: string
  tag?: string
  files?: Record<string, Uint8Array>
  requirements?: readonly string[]
  /** Names whose bytes are changed after the record was made. */
  damaged?: readonly string[]
}

export const LIBRARY_NAMES = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'] as const
const tagHere = `cp312-cp312-manylinux_2_27_${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`
/** The build without CUDA has another name on each kind of machine. */
export const CPU_PROJECT = process.arch === 'arm64' ? 'tensorflow' : 'tensorflow_cpu'

/** Writes a wheel with its metadata and its record. */
export function writeWheel(
  folder: string,
  {
    project = CPU_PROJECT,
    version = '2.21.0',
    tag = tagHere,
    files = {},
    requirements = [],
    damaged = [],
  }: FakeWheel = {},
): string {
  const info = `${project}-${version}.dist-info`
  const all: Record<string, Uint8Array> = {
    ...files,
    [`${info}/METADATA`]: Buffer.from(
      `Metadata-Version: 2.4\nName: ${project}\nVersion: ${version}\n${requirements.map((line) => `Requires-Dist: ${line}\n`).join('')}\nText.\n`,
    ),
    [`${info}/WHEEL`]: Buffer.from(`Wheel-Version: 1.0\nTag: ${tag}\n`),
  }
  const record = Object.entries(all).map(
    ([name, bytes]) => `${name},sha256=${createHash('sha256').update(bytes).digest('base64url')},${bytes.length}`,
  )
  for (const name of damaged)
    all[name] = Uint8Array.from(all[name] ?? [], (byte, index) => (index === 100 ? byte ^ 1 : byte))
  const path = join(folder, `${project}-${version}-${tag}.whl`)
  writeFileSync(path, zipSync({ ...all, [`${info}/RECORD`]: Buffer.from(`${record.join('\n')}\n${info}/RECORD,,\n`) }))
  return path
}

/** A shared library that offers these functions and does nothing. */
export function sharedLibrary(folder: string, names: readonly string[]): Uint8Array {
  const [source, library] = [join(folder, 'empty.c'), join(folder, 'empty.so')]
  writeFileSync(source, `int nothing;\n${names.map((name) => `void ${name}(void) {}\n`).join('')}`)
  execFileSync('gcc', ['-shared', '-fPIC', source, '-o', library])
  return readFileSync(library)
}
