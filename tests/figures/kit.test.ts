import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxNumbers } from '../../figures/kit/boxPlot.js'
import { contourLines, evenLevels } from '../../figures/kit/contours.js'
import { inkBox } from '../../figures/kit/bounds.js'
import { layOut, type LayoutPart } from '../../figures/kit/layout.js'
import { createLegend, createWideLegend, freeCorner, inCorner, type Corner } from '../../figures/kit/legend.js'
import { magma } from '../../figures/kit/magma.js'
import { evenLabels, line, rectangle } from '../../figures/kit/panel.js'
import { linearTicks, logTicks } from '../../figures/kit/scale.js'
import { realMeasure } from '../../figures/node/fonts.js'
import type { PathItem } from '../../figures/scene.js'
import { columnsFor } from '../../figures/preflight/journals.js'
import { STYLES } from '../../figures/style.js'

describe('ticks', () => {
  it('of linear axes are round', () => {
    expect(linearTicks([0, 48], 3)).toEqual([0, 20, 40])
    expect(linearTicks([0, 0.9], 4).map((value) => Number(value.toPrecision(6)))).toEqual([0, 0.25, 0.5, 0.75])
  })
  it('of log axes are whole decades, evenly spaced', () => {
    expect(logTicks([1e-6, 150], 3)).toEqual({ major: [-6, -3, 0], minor: [1e-5, 1e-4, 1e-2, 1e-1, 10, 100] })
    expect(logTicks([0.5, 50], 5)).toMatchObject({ major: [0, 1] })
  })
  it('have the same number of decimals on one axis, and a real minus sign', () => {
    expect(evenLabels([-2.5, 0, 2.5]).map(({ label }) => label)).toEqual(['−2.5', '0.0', '2.5'])
    expect(evenLabels([0.1 + 0.2, 0.4]).map(({ label }) => label)).toEqual(['0.3', '0.4'])
  })
})

describe('box plots', () => {
  it('have quartiles between values, and whiskers within 1.5 interquartile ranges', () => {
    // Sorted 1 2 3 4 5 20: quartile places 1.25, 2.5, 3.75; range 2.5, reach 3.75: up to 8.5, so 20 is left out.
    expect(boxNumbers([20, 1, NaN, 2, 3, 4, 5])).toEqual({
      firstQuartile: 2.25,
      median: 3.5,
      thirdQuartile: 4.75,
      lowerWhisker: 1,
      upperWhisker: 5,
    })
    expect(boxNumbers([NaN])).toBeNull()
    expect(boxNumbers([7])).toEqual({ firstQuartile: 7, median: 7, thirdQuartile: 7, lowerWhisker: 7, upperWhisker: 7 })
  })
  it('keep their order for any values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
          minLength: 1,
          maxLength: 60,
        }),
        (values) => {
          const box = boxNumbers(values)!
          expect(
            box.lowerWhisker <= box.firstQuartile &&
              box.firstQuartile <= box.median &&
              box.median <= box.thirdQuartile &&
              box.thirdQuartile <= box.upperWhisker,
          ).toBe(true)
        },
      ),
    )
  })
})

describe('contour lines', () => {
  const grid = (columns: number, rows: number, value: (x: number, y: number) => number): Float64Array =>
    Float64Array.from({ length: columns * rows }, (_, index) => value(index % columns, Math.floor(index / columns)))

  it('of a slope is one straight line across', () => {
    const [line, ...others] = contourLines(
      grid(5, 4, (x) => x),
      { columns: 5, rows: 4 },
      1.5,
    )
    expect(others).toEqual([])
    expect(line).toMatchObject({ closed: false })
    expect(line!.points.map(([x]) => x)).toEqual([1.5, 1.5, 1.5, 1.5])
    expect(line!.points.map(([, y]) => y).sort()).toEqual([0, 1, 2, 3])
  })
  it('of a hill is one ring at its distance', () => {
    const lines = contourLines(
      grid(41, 41, (x, y) => -Math.hypot(x - 20, y - 20)),
      { columns: 41, rows: 41 },
      -10,
    )
    expect(lines).toHaveLength(1)
    expect(lines[0]!.closed).toBe(true)
    for (const [x, y] of lines[0]!.points) expect(Math.hypot(x - 20, y - 20)).toBeCloseTo(10, 1)
  })
  it('of a saddle part as the middle says', () => {
    const corners = (middle: number) => [1, 0, 0, middle]
    // Corners 1, 0 below and 0, m above: the mean lies below 0.6 and above 0.4, so each level joins other sides.
    const joined = contourLines(corners(1), { columns: 2, rows: 2 }, 0.4)
    const parted = contourLines(corners(1), { columns: 2, rows: 2 }, 0.6)
    const sides = (lines: ReturnType<typeof contourLines>) =>
      lines
        .map(({ points }) =>
          points
            .map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`)
            .sort()
            .join(', '),
        )
        .sort()
    expect(sides(joined)).toEqual(['0.0 0.6, 0.4 1.0', '0.6 0.0, 1.0 0.4'])
    expect(sides(parted)).toEqual(['0.0 0.4, 0.4 0.0', '0.6 1.0, 1.0 0.6'])
  })
  it('lie on the level, neighbours in neighbouring cells, for any map', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: 0, max: 1 }), { minLength: 30, maxLength: 30 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (values, level) => {
          for (const { points, closed } of contourLines(values, { columns: 6, rows: 5 }, level)) {
            const whole = closed ? [...points, points[0]!] : points
            for (let index = 1; index < whole.length; index++) {
              const [[x0, y0], [x1, y1]] = [whole[index - 1]!, whole[index]!]
              expect(Math.hypot(x1 - x0, y1 - y0)).toBeLessThanOrEqual(Math.SQRT2 + 1e-9)
            }
            if (!closed)
              for (const [x, y] of [points[0]!, points.at(-1)!])
                expect(x === 0 || x === 5 || y === 0 || y === 4).toBe(true)
          }
        },
      ),
    )
  })
  it('have levels evenly between the ends', () => {
    expect(evenLevels([2, 5, 3], 2)).toEqual([3, 4])
    expect(evenLevels([1, 1], 20)).toEqual([])
  })
})

describe('magma', () => {
  it('has its known ends and middle, and grows lighter', () => {
    expect(magma(0)).toEqual([0, 0, 4])
    expect(magma(1)).toEqual([252, 253, 191])
    expect(magma(128 / 255).map((value) => value.toString(16))).toEqual(['b7', '37', '79'])
    const lightness = Array.from({ length: 200 }, (_, index) => magma(index / 199)).map(
      ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue,
    )
    lightness.forEach((value, index) => expect(value).toBeGreaterThanOrEqual((lightness[index - 1] ?? 0) - 1))
  })
})

describe('legends', () => {
  const style = STYLES.IJoCV
  const legend = createLegend(
    [
      { label: 'KH', stroke: { colour: '#000000', widthPt: 1 }, mark: 'line' },
      { label: 'SpecReg', stroke: { colour: '#000000', widthPt: 1 }, mark: 'line' },
    ],
    0.5,
    style,
    realMeasure,
  )
  const box = { x: 0, y: 0, width: 200, height: 100 }
  const across = (corner: Corner): PathItem => {
    const { x, y } = inCorner(legend, box, corner, style)
    // Its points lie beside the legend; the line between them crosses it.
    return line(
      [
        [x - 20, y + legend.heightPt / 2],
        [x + legend.widthPt + 20, y + legend.heightPt / 2],
      ],
      { colour: '#000000', widthPt: 1 },
    )
  }
  it('go to the first corner in which no curve is hidden, not even between its points', () => {
    expect(freeCorner(legend, box, ['lower left', 'upper left'], [], style)).toBe('lower left')
    expect(freeCorner(legend, box, ['lower left', 'upper left'], [across('lower left')], style)).toBe('upper left')
  })
  it('have no corner where all are taken, or where they are larger than the panel', () => {
    expect(
      freeCorner(legend, box, ['lower left', 'upper left'], [across('lower left'), across('upper left')], style),
    ).toBeNull()
    expect(freeCorner(legend, { ...box, width: legend.widthPt }, ['lower left'], [], style)).toBeNull()
  })
  it('are side by side in as many lines as the width needs', () => {
    const entries = ['one', 'two', 'three', 'four'].map((label) => ({
      label,
      stroke: { colour: '#000000', widthPt: 1 },
      mark: 'line' as const,
    }))
    const heights = [1000, 100, 10].map(
      (width) => createWideLegend(entries, 0.5, width, style, realMeasure).heightPt / 12,
    )
    expect(heights.map(Math.round)).toEqual([1, 2, 4])
    const drawn = createWideLegend(entries, 0.5, 100, style, realMeasure).draw({ x: 5, y: 0 })
    const ink = inkBox(drawn, realMeasure)!
    expect(ink.x).toBeGreaterThanOrEqual(5)
    expect(ink.x + ink.width).toBeLessThanOrEqual(105)
  })
})

describe('layouts', () => {
  const measure = realMeasure
  const order = {
    widthPt: 300,
    heightPt: 200,
    columns: [1, 1],
    rows: [1],
    columnGapPt: 10,
    rowGapPt: 5,
    marginPt: 2,
    smallestPt: 20,
  }
  /** A panel whose axis needs room at its left and below. */
  const panel = (column: number, left: number, below: number): LayoutPart => ({
    rows: [0, 0],
    columns: [column, column],
    draw: (box) => [
      {
        kind: 'path',
        segments: rectangle({ x: box.x - left, y: box.y, width: box.width + left, height: box.height + below }),
        fill: { colour: '#000000' },
      },
    ],
  })
  it('give panels what their labels leave, equally', () => {
    const { cell, cramped } = layOut(order, [panel(0, 40, 30), panel(1, 20, 10)], measure)
    const [first, second] = [cell([0, 0], [0, 0]), cell([0, 0], [1, 1])]
    expect([first.x, second.x, first.y]).toEqual([42, 42 + 113 + 30, 2].map((value) => expect.closeTo(value, 6)))
    expect([first.width, second.width, first.height]).toEqual([113, 113, 166].map((value) => expect.closeTo(value, 6)))
    expect(cramped).toBe(false)
  })
  it('say when labels leave too little', () => {
    expect(layOut(order, [panel(0, 140, 0), panel(1, 120, 0)], measure).cramped).toBe(true)
  })
  it('are as high as their panels where the page follows them, and centred where these have a widest', () => {
    const { cell, heightPt } = layOut(
      { ...order, heightPt: null, rowAspect: 0.5, mostWidthPt: 80 },
      [panel(0, 0, 6), panel(1, 0, 0)],
      measure,
    )
    expect(heightPt).toBeCloseTo(2 + 40 + 6 + 2, 6)
    expect(cell([0, 0], [0, 0]).x).toBeCloseTo((300 - 170) / 2, 6)
  })
  it('settle although ticks depend on the room', () => {
    const jumping: LayoutPart = {
      rows: [0, 0],
      columns: [0, 0],
      draw: (box) => [
        line(
          [
            [box.x - (box.width > 120 ? 40 : 10), box.y],
            [box.x, box.y],
          ],
          { colour: '#000000', widthPt: 0 },
        ),
      ],
    }
    const { items } = layOut(order, [jumping], measure)
    expect(inkBox(items.flat(), measure)!.x).toBeGreaterThanOrEqual(2 - 1e-6)
  })
})

describe('columns of journals', () => {
  it('are the narrowest that take the figure', () => {
    expect(columnsFor(88)).toContainEqual({ label: 'Nature', columnMm: 89 })
    expect(columnsFor(139.7).find(({ label }) => label === 'Nature')).toEqual({ label: 'Nature', columnMm: 183 })
    expect(columnsFor(400)).toEqual([])
  })
})
