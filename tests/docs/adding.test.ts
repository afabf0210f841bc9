import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const LEFT_OUT = new Set(['node_modules', 'out', '.git', 'test-results', 'playwright-report'])
/** A path in backticks alone in its line, and the block below it. */
const BLOCK = /^ *`([\w/]+\.(?:ts|vue))`\n *```(?:ts|vue)\n([\s\S]*?)^ *```$/gm

const page = readFileSync(join(PROJECT, 'docs/ADDING.md'), 'utf8')
const files = [...page.matchAll(BLOCK)].map(([, path = '', text = '']) => ({ path, text: text.replace(/^ {3}/gm, '') }))
/** A path with the list that takes an entry, and the entry. */
const ENTRY = /^ *`([\w/]+\.ts)`, one entry of `(\w+)`:\n *```ts\n([\s\S]*?)^ *```$/gm
const entries = [...page.matchAll(ENTRY)].map(([, path = '', list = '', text = '']) => ({ path, list, text }))
/** What a definition is exported as. */
const exportOf = (text: string): string =>
  /export (?:const (\w+) = define|function (add\w+)\()/.exec(text)?.slice(1).find(Boolean) ?? ''
/** The index of a member's folder and the list or table there that takes it. */
const INDEXES = {
  'contract/attacks': /(export const ATTACKS = \[[^\]]*)\]/,
  'contract/regularisers': /(export const REGULARISERS = \[[^\]]*)\]/,
  'contract/learningRules': /(export const LEARNING_RULES = \[[^\]]*)\]/,
  'renderer/pages': /(export const PAGES = \[[^\]]*)\]/,
  'cli/commands': /(export const COMMANDS: readonly AddCommands\[\] = \[[^\]]*)\]/,
  'contract/figures': /(export const FIGURES = \[[^\]]*)\]/,
  'contract/rates': /(export const RATE_SCHEDULES = \[[^\]]*)\]/,
  'contract/datasets': /(export const DATASET_DEFINITIONS = \[[^\]]*)\]/,
} as const

let folder = ''
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
function run(...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
  })
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`.slice(0, 4000))
  return stdout
}
const npx = (program: string, ...words: string[]): string => run(join('node_modules', program), ...words)

describe('docs/ADDING.md, followed step by step', { timeout: 240_000 }, () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'workbench-adding-'))
    cpSync(PROJECT, folder, { recursive: true, filter: (source) => !LEFT_OUT.has(basename(source)) })
    symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'))
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    for (const [place, list] of Object.entries(INDEXES)) {
      const added = files.find(({ path }) => path.startsWith(`${place}/`))
      if (added === undefined) throw new Error(`the page adds nothing to ${place}`)
      const index = `${place}/index.ts`
      const name = exportOf(added.text)
      const text = read(index).replace(
        list,
        (whole, start: string) => `${start.trimEnd().replace(/,$/, '')}, ${name}${whole.slice(start.length)}`,
      )
      const from = `./${added.path.slice(place.length + 1).replace(/ts$/, 'js')}`
      writeFileSync(join(folder, index), `import { ${name} } from '${from}'\n${text}`)
    }
    for (const { path, list, text } of entries) {
      const before = read(path)
      const after = before.replace(new RegExp(`(export const ${list}\\b[^=]*= [\\[{]\\n)`), `$1${text}`)
      if (after === before) throw new Error(`${path} has no ${list}`)
      writeFileSync(join(folder, path), after)
    }
    npx('tsx/dist/cli.mjs', 'docs/generate.ts')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))

  it('names a definition and a file of code for each family', () => {
    expect(files.map(({ path }) => path)).toEqual([
      'contract/attacks/part.ts',
      'engine/attacks/part.ts',
      'contract/regularisers/spread.ts',
      'engine/regularisers/spread.ts',
      'contract/learningRules/nearest.ts',
      'engine/learning/nearest.ts',
      'contract/rates/cosine.ts',
      'contract/datasets/checker.ts',
      'engine/datasets/checker.ts',
      'contract/figures/figureB1.ts',
      'lab/figures/figureB1.ts',
      'figures/figureB1.ts',
      'cli/commands/count.ts',
      'renderer/pages/notes/page.ts',
      'renderer/pages/notes/NotesPage.vue',
    ])
    for (const { path } of files) expect(existsSync(join(PROJECT, path)), `${path} exists already`).toBe(false)
  })

  it('type-checks', () => {
    // The tests are checked by npm run typecheck; here only what the new members could break.
    writeFileSync(
      join(folder, 'tsconfig.adding.json'),
      '{ "extends": "./tsconfig.node.json", "include": ["contract", "engine", "figures", "lab", "cli"], "exclude": ["engine/kernels/assembly"] }',
    )
    npx('typescript/bin/tsc', '-p', 'tsconfig.adding.json')
    writeFileSync(
      join(folder, 'tsconfig.adding.json'),
      '{ "extends": "./tsconfig.web.json", "include": ["renderer", "preload", "contract"] }',
    )
    npx('vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'tsconfig.adding.json')
  })

  it('brings the members into schema, form, command line and reference', () => {
    const program = `import { attackSpec, classifierRateOf, learningRuleSpec, rateSchedule, regulariserSpec } from './contract/index.js'
import { variantAt } from './renderer/form/variants.js'
const { first, choices } = variantAt('rule')
console.log(JSON.stringify([attackSpec.parse(variantAt('attack').first.part), regulariserSpec.parse(variantAt('regularisers.0').first.spread), learningRuleSpec.parse(first.nearest), classifierRateOf(rateSchedule.parse(variantAt('schedule.rate').first.cosine), 101), variantAt('attack').choices.at(-1), variantAt('regularisers.0').choices.at(-1), choices.at(-1)]))`
    writeFileSync(join(folder, 'seen.ts'), program)
    expect(JSON.parse(npx('tsx/dist/cli.mjs', 'seen.ts'))).toEqual([
      { kind: 'part', norm: 'linf', target: null, share: 0.9 },
      { kind: 'spread', strength: 0.001, scale: 2 },
      { kind: 'nearest', pull: 0.5 },
      0.0005,
      { value: 'part', label: 'Part (one shorter step along the gradient)' },
      { value: 'spread', label: 'Spread of the parameters' },
      { value: 'nearest', label: 'Nearest, competitive learning' },
    ])
    const help = run('cli/lab.mjs', 'robustness', '--help').replace(/\s+/g, ' ')
    expect(help).toContain('attack type: random, fgsm, pgd or part')
    expect(help).toContain('(fgsm, pgd, part; default: linf)')
    expect(help).toContain('length of the step, as a fraction of ε (part; default: 0.9)')
    expect(run('cli/lab.mjs', 'spectrum', '--help').replace(/\s+/g, ' ')).toContain('syntheticScenes or checker')
    for (const text of [
      '### `part`: Part',
      '### `spread`: Spread of the parameters',
      '### `nearest`: Nearest',
      '### `checker`: Checkerboards',
      '| `scale` | Scale | `--set regularisers.0.scale` | 2 | Factor of the sum. |',
      '| `pull` | Pull | `--set rule.pull` | 0.5 | Share of the way to the image. |',
    ])
      expect(read('docs/REFERENCE.md')).toContain(text)
  })

  it('trains a layer by the new rule from the command line', () => {
    const archive = mkdtempSync(join(tmpdir(), 'workbench-adding-archive-'))
    try {
      const words = [
        'quick-look',
        '--archive',
        archive,
        '--executor',
        'wasm',
        '--set',
        'rule={"kind":"nearest","pull":0.5}',
      ]
      for (const setting of [
        'layer.hiddenUnits=8',
        'dataset.imageLimit=40',
        'schedule.epochs=2',
        'schedule.batchSize=20',
      ])
        words.push('--set', setting)
      const { run: record } = JSON.parse(run('cli/lab.mjs', 'run', ...words, '--json')) as {
        run: { id: string; state: string }
      }
      expect(record.state).toBe('finished')
      const shown = run('cli/lab.mjs', 'show', record.id, '--archive', archive, '--json')
      expect(JSON.parse(shown)).toMatchObject({ spec: { rule: { kind: 'nearest', pull: 0.5 } } })
    } finally {
      rmSync(archive, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    }
  })

  it('carries the new command out, and describes it', () => {
    const archive = join(folder, 'counted')
    expect(JSON.parse(run('cli/lab.mjs', 'count', '--archive', archive, '--json'))).toEqual({ runs: 0 })
    expect(run('cli/lab.mjs', '--help')).toContain('count the runs of the archive')
    expect(read('docs/CLI.md')).toContain('## lab count\n')
  })

  it('draws the new figure, and offers it in lists and help', () => {
    expect(run('cli/lab.mjs', 'figure', '--help').replace(/\s+/g, ' ')).toContain('(Figures 1, A2, B1)')
    expect(read('docs/REFERENCE.md')).toContain(
      '| `B1` | Median critical norms under random perturbations | robustness sweeps: random |',
    )
    const data = join(folder, 'b1.json')
    writeFileSync(
      data,
      JSON.stringify({
        version: 1,
        figure: 'B1',
        data: { models: [{ model: { label: 'KH', colour: null }, median: 2 }] },
      }),
    )
    const out = join(folder, 'drawn')
    run(
      'cli/lab.mjs',
      'figure',
      'B1',
      '--from',
      data,
      '--format',
      'svg',
      '--out',
      out,
      '--archive',
      join(folder, 'archive'),
    )
    expect(readFileSync(join(out, 'FigureB1-CriticalNorms.svg'), 'utf8')).toContain('<svg')
  })

  it('puts them under the tests of their families', () => {
    const report = npx(
      'vitest/vitest.mjs',
      'run',
      '--project',
      'lab',
      '--reporter=json',
      '-t',
      'part|spread|nearest|checker|cosine|Figure B1|the page notes|lab count',
      'tests/contract/attacks',
      'tests/contract/regularisers',
      'tests/contract/rates.test.ts',
      'tests/engine/attacks',
      'tests/engine/datasets',
      'tests/engine/learning',
      'tests/figures/family.test.ts',
      'tests/renderer/pages/family.test.ts',
      'tests/cli/commands.test.ts',
    )
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(
      report.slice(report.indexOf('{"numTotalTestSuites"')),
    ) as {
      numPassedTests: number
      numFailedTests: number
      testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[]
    }
    const passed = testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName),
    )
    expect(numFailedTests).toBe(0)
    expect(numPassedTests).toBeGreaterThan(50)
    for (const each of [
      'the definition of part',
      'the definition of spread',
      'part, norm linf',
      'the learning rule nearest',
      'the dataset checker',
      'the rate schedule cosine',
      'the definition of Figure B1',
      'the page notes',
      'the command lab count',
    ])
      expect(
        passed.some((name) => name.includes(each)),
        each,
      ).toBe(true)
  })
})

describe('what npm run docs writes', () => {
  it('is the reference page', async () => {
    const { referencePage } = await import('../../docs/reference.js')
    expect(readFileSync(join(PROJECT, 'docs/REFERENCE.md'), 'utf8')).toBe(referencePage())
  })
  it('is the lists of code beside the definitions', async () => {
    const { memberFiles } = await import('../../docs/members.js')
    for (const { path, text } of memberFiles()) expect(readFileSync(join(PROJECT, path), 'utf8'), path).toBe(text)
  })
})
