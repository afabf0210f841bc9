import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const LAYERS = ['contract', 'engine', 'figures', 'lab', 'main', 'preload', 'renderer', 'cli'] as const
type Layer = (typeof LAYERS)[number]

/** What a layer may import besides itself: other layers, and kinds of packages (docs/ARCHITECTURE.md). */
const MAY: Record<Layer, { layers: readonly Layer[]; node: boolean; packages: RegExp }> = {
  contract: { layers: [], node: false, packages: /^(zod|@msgpack\/msgpack|fastest-levenshtein)$/ },
  engine: { layers: ['contract'], node: false, packages: /^@tensorflow\/tfjs-core$/ },
  figures: { layers: ['contract'], node: false, packages: /^fflate$/ },
  lab: {
    layers: ['contract'],
    node: true,
    packages:
      /^(zod|ws|fflate|tar-stream|tsx\/esm\/api|@resvg\/resvg-js|rotating-file-stream|hyparquet-writer|@tensorflow\/tfjs-backend-(cpu|wasm))$/,
  },
  main: { layers: ['contract', 'lab'], node: true, packages: /^(electron|zod)$/ },
  preload: { layers: ['contract'], node: false, packages: /^electron$/ },
  renderer: {
    layers: ['contract', 'figures'],
    node: false,
    packages: /^(zod|vue|vue-router|pinia|echarts\/.+|reka-ui|@tanstack\/.+|@vueuse\/core|@lucide\/vue|@fontsource.*)$/,
  },
  cli: { layers: ['contract', 'lab'], node: true, packages: /^(commander|cli-progress|open|tsx\/esm\/api)$/ },
}

/** Places where a layer reaches further, each with its reason in docs/ARCHITECTURE.md. */
const EXCEPTIONS: readonly {
  file: RegExp
  layers?: readonly Layer[]
  node?: boolean
  packages?: RegExp
  texts?: readonly string[]
}[] = [
  { file: /^engine\/executor\/onnx\//, node: true, packages: /^onnxruntime-node$/ },
  { file: /^figures\/node\//, node: true, packages: /^fontkit$/ },
  { file: /^lab\/compute\//, layers: ['engine'] },
  { file: /^lab\/compute\/executors\//, packages: /^onnxruntime-node$/ },
  { file: /^lab\/datasets\/(loadSource|index|samples)\.ts$/, layers: ['engine'] },
  { file: /^lab\/figureExport\.ts$/, layers: ['figures'] },
  { file: /^renderer\/form\/sources\.ts$/, texts: ['../../docs/SOURCES.md?raw'] },
]

const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g

function importsOf(file: string): string[] {
  return [...readFileSync(join(ROOT, file), 'utf8').matchAll(importPattern)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  )
}

const filesOf = (layer: Layer): string[] =>
  readdirSync(join(ROOT, layer), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split('\\').join('/'))

function fault(layer: Layer, file: string, imported: string): string | null {
  const exceptions = EXCEPTIONS.filter((exception) => exception.file.test(file))
  if (exceptions.some(({ texts = [] }) => texts.includes(imported))) return null
  if (imported.startsWith('.')) {
    const target =
      relative(ROOT, resolve(ROOT, dirname(file), imported))
        .split('\\')
        .join('/')
        .split('/')[0] ?? ''
    const allowed = [
      layer,
      ...MAY[layer].layers,
      ...exceptions.flatMap(({ layers = [] }) => layers),
    ] as readonly string[]
    return allowed.includes(target) || target === 'resources' ? null : `${file} imports ${imported} of ${target}`
  }
  if (imported.startsWith('node:') || builtinModules.includes(imported))
    return MAY[layer].node || exceptions.some(({ node }) => node === true) ? null : `${file} imports ${imported}`
  return MAY[layer].packages.test(imported) || exceptions.some(({ packages }) => packages?.test(imported) === true)
    ? null
    : `${file} imports the package ${imported}`
}

describe('who may import whom', () => {
  it.each(LAYERS)('%s keeps to its table', (layer) => {
    const files = filesOf(layer)
    expect(files.length).toBeGreaterThan(0)
    expect(files.flatMap((file) => importsOf(file).flatMap((imported) => fault(layer, file, imported) ?? []))).toEqual(
      [],
    )
  })

  it('the preload script imports nothing of ours at run time', () => {
    expect(readFileSync(join(ROOT, 'preload/index.ts'), 'utf8')).not.toMatch(/import \{[^}]*\} from '\.\.\/(?!.*type)/)
  })
})

/** Files that import each other in a circle: strongly connected components of more than one file (Tarjan's algorithm). */
function importCircles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  const visit = (file: string): void => {
    order.set(file, order.size)
    lowest.set(file, order.get(file) as number)
    open.push(file)
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) visit(next)
      if (open.includes(next)) lowest.set(file, Math.min(lowest.get(file) as number, lowest.get(next) as number))
    }
    if (lowest.get(file) !== order.get(file)) return
    const circle = open.splice(open.indexOf(file))
    if (circle.length > 1) circles.push(circle.sort())
  }
  for (const file of imports.keys()) if (!order.has(file)) visit(file)
  return circles
}

describe('circles of imports', () => {
  it('are found, also over several files', () => {
    const imports = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', ['e']],
      ['e', []],
      ['f', ['g']],
      ['g', ['f']],
    ])
    expect(importCircles(imports)).toEqual([
      ['a', 'b', 'c'],
      ['f', 'g'],
    ])
  })
  it('do not exist, not even of types', () => {
    const files = LAYERS.flatMap(filesOf)
    const known = new Set(files)
    const target = (file: string, imported: string): string =>
      relative(ROOT, resolve(ROOT, dirname(file), imported))
        .split('\\')
        .join('/')
        .replace(/\.js$/, '.ts')
    const imports = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((imported) => imported.startsWith('.'))
          .map((imported) => target(file, imported))
          .filter((path) => known.has(path)),
      ]),
    )
    expect([...imports.values()].flat().length).toBeGreaterThan(files.length)
    expect(importCircles(imports)).toEqual([])
  })
})
