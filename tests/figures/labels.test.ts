import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  FIGURE_FORMATS,
  figureFileText,
  parseFigureFile,
  STYLE_NAMES,
  type FigureContent,
  type FigureSweep,
} from '../../contract/index.js'
import { drawFigure } from '../../figures/index.js'
import { createLabelSetter } from '../../figures/kit/fitted.js'
import { literal, richText } from '../../figures/kit/text.js'
import { realMeasure } from '../../figures/node/fonts.js'
import { leavesCanvas } from '../../figures/preflight/index.js'
import type { TextItem } from '../../figures/scene.js'
import { STYLES } from '../../figures/style.js'
import { exportFigure } from '../../lab/figureExport.js'
import { figure1Example, figure3Example, figure4Example, figureA2Example } from './examples.js'

const folder = mkdtempSync(join(tmpdir(), 'workbench-labels-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const provenance = {
  figure: '1',
  runs: [],
  seeds: [],
  sources: [],
  results: [],
  style: 'IJoCV',
  program: 'test',
  drawnAt: '2026-01-01T00:00:00.000Z',
} as const

/** Every figure with labels of people, each with the given ones in the place of the first. */
function withLabels(...given: string[]): FigureContent[] {
  const name = <Model extends { label: string }>(model: Model, index: number): Model => ({
    ...model,
    label: given[index] ?? model.label,
  })
  const [one, three, four, two] = [figure1Example(20, 10), figure3Example(), figure4Example(8), figureA2Example()]
  return [
    {
      figure: '1',
      data: {
        ...one,
        models: one.models.map(name),
        attacks: one.attacks.map((attack, index) =>
          index === 0 ? { ...attack, label: given[0] ?? attack.label } : attack,
        ),
      },
    },
    { figure: '3', data: { ...three, datasetLabel: given[0] ?? '', rows: three.rows.map(name) } },
    {
      figure: '4',
      data: { ...four, planes: four.planes.map((plane, index) => ({ ...plane, model: name(plane.model, index) })) },
    },
    {
      figure: 'A2',
      data: { ...two, models: two.models.map((entry, index) => ({ ...entry, model: name(entry.model, index) })) },
    },
  ]
}
const plain = (item: TextItem): string => item.runs.map(({ text }) => text).join('')
const wordsOf = (content: FigureContent, style: (typeof STYLE_NAMES)[number] = 'IJoCV'): string[] =>
  drawFigure(content.figure, content.data, style, realMeasure)
    .scene.items.filter((item) => item.kind === 'text')
    .map(plain)

describe('texts of people', () => {
  it.each(['kh_model_1', 'l_2', 'lr_{0.01}', 'a*b*c', 'x^{2}', '\\alpha', '50 % #1', '<b>&"\''])(
    '%s is printed as it is, in every figure',
    (label) => {
      for (const content of withLabels(label)) expect(wordsOf(content), content.figure).toContain(label)
      expect(
        richText(literal(label), 10, STYLES.IJoCV)
          .map(({ text }) => text)
          .join(''),
      ).toBe(label)
    },
  )
  it('keep stray signs of markup that nobody wrote as markup', () => {
    expect(
      richText('a_b * c^d {e}', 10, STYLES.IJoCV)
        .map(({ text }) => text)
        .join(''),
    ).toBe('a_b * c^d {e}')
    expect(richText('λ_{n}/*λ*_{1}', 10, STYLES.IJoCV).map(({ text, risePt }) => [text, (risePt ?? 0) < 0])).toEqual([
      ['λ', false],
      ['n', true],
      ['/', false],
      ['λ', false],
      ['1', true],
    ])
  })
  it.skipIf(spawnSync('pdftotext', ['-v']).error !== undefined)('are found in the PDF in one piece', () => {
    for (const content of withLabels('kh_model_1', 'größe_λ', 'модель')) {
      const [file] = exportFigure(
        {
          ...content,
          style: 'IJoCV',
          provenance: { ...provenance, figure: content.figure, runs: [], seeds: [], sources: [], results: [] },
        },
        ['pdf'],
        100,
      ).files
      const path = join(folder, `${content.figure}.pdf`)
      writeFileSync(path, file?.bytes ?? new Uint8Array(0))
      const found = spawnSync('pdftotext', ['-raw', path, '-'], { encoding: 'utf8' }).stdout
      for (const label of ['kh_model_1', 'größe_λ', 'модель'])
        expect(found, `${content.figure}: ${found}`).toContain(label)
    }
  })
})

describe('characters', () => {
  it.each(STYLE_NAMES)(
    'that the fonts of %s lack are set in another font, or as an empty square with a note',
    (style) => {
      for (const content of withLabels('λ ξ ä ö ü é ñ ç å ł ·² `', 'Модель Я', '字 🚀 ש')) {
        const { scene, findings } = drawFigure(content.figure, content.data, style, realMeasure)
        for (const item of scene.items)
          if (item.kind === 'text')
            for (const { text, font } of item.runs)
              for (const character of text)
                expect(realMeasure.covers(font, character), `${character} in ${font}`).toBe(true)
        expect(findings.find(({ text }) => text === 'Some characters cannot be set')?.detail).toMatch(/字 \(U\+5B57\)/)
        expect(findings.map(({ text }) => text)).toContain('Some characters are set in STIX Two Text')
        if (style === 'IJoCV') expect(wordsOf(content)).toEqual(expect.arrayContaining(['Модель Я', '□ □ □']))
      }
    },
  )
  it('never stop a figure, in any format', () => {
    const [content] = withLabels('größe_λ я 字', 'e\u0301 decomposed', 'Gaussian noise ξ(t)')
    if (content === undefined) throw new Error('no example')
    const { files } = exportFigure(
      {
        ...content,
        style: 'A1PosterPortrait',
        provenance: { ...provenance, runs: [], seeds: [], sources: [], results: [] },
      },
      [...FIGURE_FORMATS],
      60,
    )
    expect(files.map(({ format, bytes }) => [format, bytes.length > 1000])).toEqual(
      FIGURE_FORMATS.map((format) => [format, true]),
    )
    expect(wordsOf(content)).toContain('é decomposed')
  })
  it('that control the text become a space', () => expect(literal('a\u0000\n\u202eb')).toBe('a b'))
})

describe('long labels', () => {
  const long = 'Perceptron without a penalty, learning rate 0.0001, batches of 1000 images, seed'
  it.each(STYLE_NAMES)('stay inside the page and off each other on %s, and the figure says so', (style) => {
    for (const content of withLabels(`${long} 1`, `${long} 2`, 'W'.repeat(200))) {
      const { scene, findings } = drawFigure(content.figure, content.data, style, realMeasure)
      const texts = scene.items.filter((item) => item.kind === 'text')
      expect(texts.filter((item) => leavesCanvas(item, scene, realMeasure)).map(plain), content.figure).toEqual([])
      expect(
        findings.filter(({ level }) => level === 'fail'),
        content.figure,
      ).toEqual([])
      expect(findings.find(({ text }) => text === 'Some labels are shortened')?.detail).toContain('Perceptron without')
    }
  })
  it('stay different, keep their ends, and are no wider than their room', () => {
    const labels = createLabelSetter(STYLES.IJoCV, realMeasure)
    const fitted = labels.fit([`${long} 1`, `${long} 2`, `${long} 3`], 10, 60)
    expect(new Set(fitted).size).toBe(3)
    expect(fitted.map((label) => label.at(-1))).toEqual(['1', '2', '3'])
    const same = labels.fit(['a'.repeat(60) + 'b'.repeat(60), 'a'.repeat(60) + 'c' + 'b'.repeat(60)], 10, 60)
    expect(new Set(same).size).toBe(2)
    expect(createLabelSetter(STYLES.IJoCV, realMeasure).fit(['KH', 'BP'], 10, 60)).toEqual(['KH', 'BP'])
    expect(labels.findings()).toHaveLength(1)
  })
})

describe('exported data', () => {
  it('of one size, of 64 models and with labels of 200 letters are read again and drawn', () => {
    const example = figure1Example(20, 5)
    const first = ({ epsilons, relativeAccuracy, ...rest }: FigureSweep): FigureSweep => ({
      ...rest,
      epsilons: epsilons.subarray(2, 3),
      relativeAccuracy: relativeAccuracy.subarray(2, 3),
    })
    const one = {
      ...example,
      attacks: example.attacks.map((attack) => ({ ...attack, sweeps: attack.sweeps.map(first) })),
    }
    const model = one.models[0]
    const [attack] = one.attacks
    if (model === undefined || attack === undefined) throw new Error('no example')
    const many: FigureContent = {
      figure: '1',
      data: {
        models: Array.from({ length: 64 }, (_, index) => ({ ...model, label: `${index} ${'x'.repeat(197)}` })),
        attacks: [{ ...attack, sweeps: Array.from({ length: 64 }, () => attack.sweeps[0] ?? attack.sweeps[1]!) }],
      },
    }
    for (const content of [{ figure: '1', data: one } as const, many]) {
      const again = parseFigureFile(JSON.parse(figureFileText(content)))
      expect(drawFigure(again.figure, again.data, 'IJoCV', realMeasure).scene.items.length).toBeGreaterThan(10)
    }
    const ofOne = drawFigure('1', one, 'IJoCV', realMeasure).scene.items.filter(
      (item) => item.kind === 'path' && item.stroke?.cap === 'round',
    )
    expect(ofOne).toHaveLength(one.models.length * one.attacks.length)
  })
})

describe('axes of spectra', () => {
  it('show every eigenvalue above rounding unless the published limits are asked for', () => {
    const data = figure3Example()
    const findings = (withPublished: boolean): string[] =>
      drawFigure('3', { ...data, withPublished }, 'IJoCV', realMeasure).findings.map(({ text }) => text)
    // An exponent of -4.11 reaches 1e-12 of the first at rank 830 of 2000.
    expect(findings(false).filter((text) => text.startsWith('Some eigenvalues'))).toEqual([
      'Some eigenvalues are below the axis: L2, data',
    ])
    expect(findings(true).filter((text) => text.startsWith('Some eigenvalues')).length).toBeGreaterThan(0)
  })
})
