import { describe, expect, it } from 'vitest'
import {
  ATTACK_KINDS,
  attacksOf,
  FIGURE_NAMES,
  figureFileText,
  figureOf,
  figuresFrom,
  hasOwnColours,
  mapFigureModels,
  parseFigureFile,
  STYLE_NAMES,
  withPublishedValues,
  type FigureContent,
} from '../../contract/index.js'
import { drawFigure, plottedNumbers, svgText } from '../../figures/index.js'
import { realMeasure } from '../../figures/node/fonts.js'
import { assemblyOf } from '../../lab/figures/code.js'
import { EXAMPLES } from './examples.js'

const svgOf = ({ figure, data }: FigureContent): string =>
  svgText(drawFigure(figure, data, figureOf(figure).style, realMeasure).scene, realMeasure)

describe.each(FIGURE_NAMES.map((name) => [name] as const))('the definition of Figure %s', (name) => {
  const figure = figureOf(name)
  const example = EXAMPLES.find((content) => content.figure === name)
  if (example === undefined) throw new Error(`tests/figures/examples.ts has no Figure ${name}`)

  it('has words and a file name of its own, and a published style sheet', () => {
    for (const word of ['label', 'text', 'fileStem'] as const)
      expect(FIGURE_NAMES.filter((other) => figureOf(other)[word] === figure[word])).toEqual([name])
    expect(figure.label.startsWith(`Figure ${name}, `)).toBe(true)
    expect(figure.needs).toMatch(/^This figure needs .*\.$/)
    expect(figure.fileStem).toMatch(/^[A-Za-z0-9-]+$/)
    expect(STYLE_NAMES).toContain(figure.style)
  })
  it('names attacks that exist, exactly where it is drawn from sweeps', () => {
    for (const attack of attacksOf(name)) expect(ATTACK_KINDS).toContain(attack)
    expect(attacksOf(name).length > 0).toBe(figure.inputs.kind === 'sweep')
  })
  it('has code for what it is drawn from, and for nothing else', () => {
    for (const source of ['sweep', 'spectrum', 'plane', 'run'] as const) {
      expect(figuresFrom(source).includes(name)).toBe(figure.inputs.kind === source)
      if (figure.inputs.kind === source) expect(assemblyOf(name, source)).toBeTypeOf('function')
      else expect(() => assemblyOf(name, source)).toThrow(`Figure ${name}`)
    }
  })
  it('draws its example, and the same again from the file beside an export', () => {
    const again = parseFigureFile(JSON.parse(figureFileText(plottedNumbers(example))))
    expect(svgOf(again)).toBe(svgOf(example))
  })
  it('shows published values exactly where it says so, and draws with them', () => {
    const shown = withPublishedValues(example)
    expect(shown !== null).toBe(figure.published)
    if (shown !== null) expect(svgOf(parseFigureFile(JSON.parse(figureFileText(shown))))).toBe(svgOf(shown))
  })
  it('draws its models in other colours exactly where it says so', () => {
    const other = mapFigureModels(example, (model) => ({ ...model, colour: '#123456' }))
    expect(svgOf(other).includes('#123456')).toBe(hasOwnColours(name))
  })
  it('refuses an unknown key in its data', () => {
    const file = JSON.parse(figureFileText(example)) as { data: object }
    expect(() => parseFigureFile({ ...file, data: { ...file.data, another: 1 } })).toThrow('another')
  })
})
