import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  FIGURE_FACTS,
  FIGURE_FORMATS,
  parseFigureFile,
  type FigureContent,
  type FigureName,
  type FigureSource,
  type StyleName,
} from '../../../contract/index.js'
import { exportStem } from '../../../lab/figures/exportStem.js'
import type { Lab } from '../../../lab/lab.js'
import {
  figure1Example,
  figure2Example,
  figure3Example,
  figure4Example,
  figureA1Example,
  figureA2Example,
} from '../../figures/examples.js'
import { openTestLab, temporaryHome } from '../lab/harness.js'

let home: Awaited<ReturnType<typeof temporaryHome>>
let lab: Lab
beforeAll(async () => {
  home = await temporaryHome()
  lab = await openTestLab(home.folder)
})
afterAll(async () => {
  await lab.close()
  await home.remove()
})

const CONTENTS: readonly FigureContent[] = [
  { figure: '1', data: figure1Example(30, 20) },
  { figure: '2', data: figure2Example() },
  { figure: '3', data: figure3Example() },
  { figure: '4', data: figure4Example(20) },
  { figure: 'A1', data: figureA1Example(40) },
  { figure: 'A2', data: figureA2Example() },
]
const from = (content: FigureContent): FigureSource => ({ kind: 'data', name: 'numbers.json', content })

describe('figures from data', () => {
  it.each(CONTENTS)(
    'Figure $figure is drawn and exported in every format, with its numbers and its origin beside it',
    async (content) => {
      const { figure } = content
      const { style, fileStem } = FIGURE_FACTS[figure]
      const drawn = await lab.call('figure.render', { figure, source: from(content), style })
      expect(drawn.svg).toContain('<svg')
      const folder = join(home.folder, 'out', figure)
      const files = await lab.call('figure.export', {
        figure,
        source: from(content),
        style,
        formats: [...FIGURE_FORMATS],
        folder,
        dpi: 100,
      })
      expect(files.map(({ fileName }) => fileName)).toEqual(FIGURE_FORMATS.map((format) => `${fileStem}.${format}`))
      expect((await readdir(folder)).sort()).toEqual(
        [...files.map(({ fileName }) => fileName), `${fileStem}.data.json`, `${fileStem}.provenance.json`].sort(),
      )
      expect(JSON.parse(await readFile(join(folder, `${fileStem}.provenance.json`), 'utf8'))).toMatchObject({
        figure,
        style,
        sources: ['numbers.json'],
        runs: [],
      })
      // The numbers draw the same figure again.
      const again = parseFigureFile(JSON.parse(await readFile(join(folder, `${fileStem}.data.json`), 'utf8')))
      const { svg } = await lab.call('figure.render', { figure, source: from(again), style })
      expect(svg.replace(/<metadata>.*<\/metadata>/, '')).toBe(drawn.svg.replace(/<metadata>.*<\/metadata>/, ''))
    },
  )

  it('are kept in the archive when no folder is named, and can be read from there', async () => {
    const [content] = CONTENTS.filter(({ figure }) => figure === 'A2')
    const [file] = await lab.call('figure.export', {
      figure: 'A2',
      source: from(content!),
      style: 'IJoCV',
      formats: ['pdf'],
      folder: null,
      dpi: 300,
    })
    expect(file?.path).toBe(join(home.folder, 'archive', 'figures', 'FigureA2-AccVsRobustness-numbers.pdf'))
    const bytes = await lab.call('figure.readFile', { run: null, fileName: 'FigureA2-AccVsRobustness-numbers.pdf' })
    expect(new TextDecoder().decode(bytes.subarray(0, 8))).toBe('%PDF-1.5')
    await expect(lab.call('figure.readFile', { run: null, fileName: 'Figure9.pdf' })).rejects.toMatchObject({
      code: 'file.unreadable',
    })
  })

  it('are refused when they are of another figure, or of a run that has one model', async () => {
    const [content] = CONTENTS
    await expect(
      lab.call('figure.render', { figure: '2', source: from(content!), style: 'IJoCV' }),
    ).rejects.toMatchObject({ code: 'value.range', message: 'expected data of Figure 2, got data of Figure 1' })
    await expect(
      lab.call('figure.render', { figure: '1', source: { kind: 'run', run: 'r-00000000' }, style: 'IJoCV' }),
    ).rejects.toMatchObject({ code: 'value.range' })
  })
})

describe('names of exports into the archive', () => {
  const spectra = {
    kind: 'results',
    names: [
      { name: 's-1', label: null },
      { name: 's-2', label: 'KH' },
    ],
    windows: null,
    withPublished: false,
  } as const
  const sources: readonly [FigureName, FigureSource, StyleName][] = [
    ['A1', { kind: 'run', run: 'r-1234' }, 'IJoCV'],
    ['A1', { kind: 'run', run: 'r-1234' }, 'PRLPresentations'],
    ['A1', { kind: 'run', run: 'r-1234', units: [1, 5] }, 'IJoCV'],
    ['2', { ...spectra, names: [...spectra.names] }, 'ICLRFullTextwidth'],
    ['2', { ...spectra, names: [...spectra.names].reverse() }, 'ICLRFullTextwidth'],
    ['2', { ...spectra, names: [...spectra.names], withPublished: true }, 'ICLRFullTextwidth'],
    ['2', { ...spectra, names: [...spectra.names], windows: { dataset: [1, 5], noise: [1, 5] } }, 'ICLRFullTextwidth'],
    ['1', { ...spectra, names: [{ name: 'a-1', label: null }] }, 'IJoCV'],
    ['1', { ...spectra, names: [{ name: 'a-1', label: null }], colours: 'workbench' }, 'IJoCV'],
    ['2', { ...spectra, names: [{ name: 's-1', label: null }] }, 'IJoCV'],
    ['2', { ...spectra, names: [{ name: 'größe/../x y', label: null }] }, 'IJoCV'],
  ]
  const stems = sources.map(([figure, source, style]) => exportStem(figure, source, style))
  it('differ wherever the figure differs, and are plain file names', () => {
    expect(new Set(stems).size).toBe(stems.length)
    for (const stem of stems) expect(stem).toMatch(/^Figure[\w.-]+$/)
    expect(stems.join(' ')).not.toContain('..')
  })
  it("are the paper's for a run in the published style, and say run, units, result and style", () => {
    expect(stems.slice(0, 3)).toEqual([
      'FigureA1-FKHL3Spectra',
      'FigureA1-FKHL3Spectra-r-1234-PRLPresentations',
      'FigureA1-FKHL3Spectra-r-1234-units-1-5',
    ])
    expect(stems[9]).toBe('Figure2-FKHL3ModelSpectra-s-1-IJoCV')
  })
  it('so that a second export leaves the first', async () => {
    const [content] = CONTENTS.filter(({ figure }) => figure === 'A2')
    const paths = []
    for (const style of ['IJoCV', 'PRLSingleCol'] as const)
      paths.push(
        (
          await lab.call('figure.export', {
            figure: 'A2',
            source: from(content!),
            style,
            formats: ['svg'],
            folder: null,
            dpi: 300,
          })
        )[0]?.path ?? '',
      )
    const [first, second] = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
    expect(first).not.toBe(second)
  })
})
