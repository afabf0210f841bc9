// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, type Component } from 'vue'
import AccuracyScatter from '../../../renderer/charts/AccuracyScatter.vue'
import ChartActions from '../../../renderer/charts/ChartActions.vue'
import ConfusionMatrix from '../../../renderer/charts/ConfusionMatrix.vue'
import CriticalNormBox from '../../../renderer/charts/CriticalNormBox.vue'
import CriticalSizes from '../../../renderer/charts/CriticalSizes.vue'
import MetricChart from '../../../renderer/charts/MetricChart.vue'
import NormChart from '../../../renderer/charts/NormChart.vue'
import NormHistogram from '../../../renderer/charts/NormHistogram.vue'
import RobustnessCurve from '../../../renderer/charts/RobustnessCurve.vue'
import SpectraScope from '../../../renderer/charts/SpectraScope.vue'
import SpectrumScope from '../../../renderer/charts/SpectrumScope.vue'
import VarianceHistogram from '../../../renderer/charts/VarianceHistogram.vue'
import WinnerHistogram from '../../../renderer/charts/WinnerHistogram.vue'
import { csvText, curvesTable } from '../../../renderer/charts/plotTable.js'
import { svgPicture } from '../../../renderer/charts/svgPicture.js'
import { seriesOf, SIZES } from '../robustness/sweeps.js'

vi.mock('../../../renderer/charts/engine.js', async () => ({ ...(await import('../stillCharts.js')).stillEngine() }))

let copied: string[] = []
let open: VueWrapper | null = null
beforeEach(() => {
  copied = []
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: { writeText: async (text: string) => void copied.push(text) },
  })
})
afterEach(() => {
  open?.unmount()
  open = null
})
const items = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')]
const item = (text: string): HTMLElement => {
  const found = items().find((one) => one.textContent?.trim() === text)
  if (found === undefined)
    throw new Error(
      `no ${text} among ${items()
        .map((one) => one.textContent?.trim())
        .join(', ')}`,
    )
  return found
}
const settle = async (): Promise<void> => {
  await flushPromises()
  await new Promise((resolve) => setTimeout(resolve, 30))
  await flushPromises()
}
/** A chart with its menu opened by the key, from the place that has the focus. */
async function opened(
  chart: Component,
  properties: Record<string, unknown>,
  around: Record<string, unknown> = {},
): Promise<void> {
  open = mount(defineComponent({ render: () => h(ChartActions, around, () => h(chart, properties)) }), {
    attachTo: document.body,
  })
  await settle()
  const focusable = open.find('[tabindex="0"]')
  ;(focusable.element as HTMLElement).focus()
  await focusable.trigger('keydown', { key: '.' })
  await settle()
}
const choose = async (text: string): Promise<void> => {
  item(text).dispatchEvent(new PointerEvent('pointerup', { bubbles: true }))
  item(text).click()
  await settle()
}

const epochs = Float64Array.of(1, 2, 3)
const box = { model: 'KH', slot: 0, box: seriesOf('KH').criticalNorm, images: 4, neverFooled: 1, published: null }
const CHARTS: readonly (readonly [
  name: string,
  chart: Component,
  properties: Record<string, unknown>,
  first: string,
  lines: number,
])[] = [
  [
    'curves over epochs',
    MetricChart,
    {
      title: 'Loss',
      unit: 'nat',
      xMax: 3,
      series: [
        { name: 'train', x: epochs, y: Float64Array.of(3, 2, 1) },
        { name: 'test', x: epochs, y: Float64Array.of(4, NaN, 2) },
      ],
    },
    'Series,Epoch,Loss (nat)',
    6,
  ],
  [
    'norms over epochs',
    NormChart,
    {
      epochs,
      quantiles: [1, 2, 3, 4, 5].map((share) => epochs.map((epoch) => share / epoch)),
      tolerance: 0.01,
      xMax: 3,
    },
    'Group,Epoch,"|‖w‖ - R|, 5 % of the units below","|‖w‖ - R|, 25 % of the units below"',
    3,
  ],
  [
    'norms now',
    NormHistogram,
    { norms: Float32Array.of(0.9, 1, 1.1), radius: 1, tolerance: 0.01 },
    'From (norm),To (norm),Units',
    48,
  ],
  ['wins', WinnerHistogram, { wins: Int32Array.of(0, 3, 9) }, 'Unit,Wins in the last epoch (images)', 3],
  [
    'variances',
    VarianceHistogram,
    { variances: Float64Array.of(1e-4, 2e-3), cutoff: 1e-3 },
    'Unit,Variance of the weights',
    2,
  ],
  [
    'critical sizes',
    CriticalSizes,
    {
      sizes: [
        { model: 'KH', slot: 0, epsilon: 0.1 },
        { model: 'BP', slot: 1, epsilon: NaN },
      ],
      from: 0.01,
      to: 1,
      image: 7,
    },
    'Model,Critical ε (normalised pixels)',
    2,
  ],
  [
    'critical norms',
    CriticalNormBox,
    { boxes: [box, { ...box, model: 'BP', box: null }], level: '95 %' },
    'Model,Lower whisker (L2 norm),First quartile (L2 norm),Median (L2 norm)',
    2,
  ],
  [
    'accuracy and robustness',
    AccuracyScatter,
    { points: [{ model: 'KH', slot: 0, accuracy: 0.5, median: 2, published: null }] },
    'Model,Clean accuracy (fraction),Median critical norm (L2 norm)',
    1,
  ],
  [
    'accuracy under attack',
    RobustnessCurve,
    {
      title: 'Relative accuracy',
      curves: [
        { label: 'KH', slot: 0, epsilons: SIZES, accuracy: SIZES, lower: SIZES, upper: SIZES, epsilonAtHalf: null },
      ],
    },
    'Model,Perturbation size (normalised pixels),Relative accuracy (fraction),Lower (fraction),Upper (fraction)',
    3,
  ],
  [
    'spectra',
    SpectraScope,
    {
      title: 'CIFAR-10',
      window: [1, 3],
      curves: [{ key: 'KH', label: 'KH', slot: 0, values: Float64Array.of(4, 2, 1), fit: null }],
    },
    'Model,Rank n,Eigenvalue (variance),Share of the first eigenvalue',
    3,
  ],
  [
    'a spectrum',
    SpectrumScope,
    { window: [1, 3], spectra: [{ label: 'epoch 3', values: Float64Array.of(4, 2, 1) }] },
    'Spectrum,Rank n,Eigenvalue (variance),Share of the first eigenvalue',
    3,
  ],
  [
    'confusion',
    ConfusionMatrix,
    { counts: Int32Array.of(3, 1, 0, 4), classNames: ['cat', 'dog'] },
    'True class,Predicted as cat (images),Predicted as dog (images)',
    2,
  ],
]

describe('the menu of a chart', () => {
  it.each(CHARTS)('copies the numbers of %s as CSV, by keyboard', async (_, chart, properties, first, lines) => {
    await opened(chart, properties)
    await choose('Copy as CSV')
    expect(copied).toHaveLength(1)
    const rows = copied[0]!.trimEnd().split('\r\n')
    expect(rows[0]!.startsWith(first)).toBe(true)
    expect(rows).toHaveLength(lines + 1)
  })
  it('offers figure and command only where they are', async () => {
    await opened(AccuracyScatter, CHARTS[7]![2])
    expect(items().map((one) => one.textContent?.trim())).toEqual(['Copy as CSV', 'Copy as SVG', 'Save as CSV'])
  })
  it('opens the figure', async () => {
    const made: string[] = []
    await opened(AccuracyScatter, CHARTS[7]![2], {
      openFigure: () => made.push('A2'),
      command: 'lab robustness --attack fgsm',
    })
    expect(items().map((one) => one.textContent?.trim())).toEqual([
      'Copy as CSV',
      'Copy as SVG',
      'Save as CSV',
      'Open as figure',
      'Show command',
    ])
    await choose('Open as figure')
    expect(made).toEqual(['A2'])
  })
  it('shows the command and copies it', async () => {
    await opened(AccuracyScatter, CHARTS[7]![2], { command: 'lab robustness --attack fgsm' })
    item('Show command').focus()
    item('Show command').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
    await settle()
    expect(document.querySelector('.menu .cmd')?.textContent).toBe('lab robustness --attack fgsm')
    await choose('Copy command')
    expect(copied).toEqual(['lab robustness --attack fgsm'])
  })
})

describe('a table as CSV', () => {
  it('quotes what must be quoted, and leaves unknown cells empty', () => {
    expect(
      csvText({
        name: '',
        columns: [
          { title: 'a, b', values: ['x', 'say "y"'] },
          { title: 'c', values: [0.1, NaN] },
          { title: 'd', values: [null] },
        ],
      }),
    ).toBe('"a, b",c,d\r\nx,0.1,\r\n"say ""y""",,\r\n')
  })
  it('has curves one below the other, and no column that none of them has', () => {
    const { columns } = curvesTable(
      '',
      'n',
      ['y', 'low'],
      [
        { name: 'A', x: [1, 2], y: [[3, 4], null] },
        { name: 'B', x: [5], y: [[6], null] },
      ],
    )
    expect(columns).toEqual([
      { title: 'Series', values: ['A', 'A', 'B'] },
      { title: 'n', values: [1, 2, 5] },
      { title: 'y', values: [3, 4, 6] },
    ])
  })
})

describe('a plot as SVG', () => {
  it('is drawn of the same option, with the titles of its axes', async () => {
    vi.doUnmock('../../../renderer/charts/engine.js')
    vi.resetModules()
    const option = {
      animation: false,
      xAxis: { type: 'value', min: 0, max: 3 },
      yAxis: { type: 'value', min: 0, max: 1 },
      series: [
        {
          type: 'line',
          data: [
            [0, 0],
            [3, 1],
          ],
          lineStyle: { color: '#123456' },
        },
      ],
    }
    const svg = await svgPicture(
      option,
      { width: 300, height: 200 },
      {
        alt: 'a <line>',
        yTitle: 'λ & more',
        xTitle: 'n',
        ink: '#000000',
        ground: '#ffffff',
        legend: [{ name: 'KH', colour: '#654321' }],
      },
    )
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml')
    expect(parsed.querySelector('parsererror')).toBeNull()
    expect(svg).toContain('<title>a &lt;line&gt;</title>')
    expect(svg).toContain('λ &amp; more')
    expect(svg).toMatch(/fill="#654321"\/><text x="342" y="31" text-anchor="start">KH<\/text>/)
    expect(svg).toMatch(/<path d="M[^"]+" [^>]*stroke="#123456"/)
  })
})
