import { extentOf, SCALE_TEXTS, VERDICTS, type ReplayReport, type ReportRow } from '../../../contract/index.js'

/** A figure of the page. */
export interface ReportFigure {
  label: string
  text: string
  png: Uint8Array
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
const number = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(4))))

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #667; --line: #d5d8de; --ground: #fff; --band: #d9dce3; --good: #1b7f5c; --bad: #b3452c }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ec; --soft: #9aa2af; --line: #3a404a; --ground: #16191e; --band: #3d444f; --good: #5cc9a1; --bad: #ef8d73 } }
body { font: 14px/1.5 Inter, system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 1040px; margin: 32px auto; padding: 0 20px }
h1 { font-size: 22px; margin: 0 } h2 { font-size: 16px; margin: 32px 0 8px } p { margin: 6px 0 } .soft { color: var(--soft) }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums } th { text-align: left; font-weight: 600; color: var(--soft) }
th, td { padding: 3px 10px 3px 0; border-bottom: 1px solid var(--line); vertical-align: middle } .number { text-align: right; white-space: nowrap }
.inside, .holds { color: var(--good) } .outside, .fails { color: var(--bad) } .noBand, .missing, .otherData, .open { color: var(--soft) }
figure { margin: 16px 0; border: 1px solid var(--line); background: #fff; padding: 12px } figure img { width: 100%; height: auto } figcaption { color: #555; font-size: 12px }
svg { display: block }`

/** Band in grey, the published number as a stroke, ours as a dot, over the span of all three. */
function bar({ published, ours, band, verdict }: ReportRow): string {
  const values = [published, ...(ours === null ? [] : [ours]), ...(band === null ? [] : [band.lower, band.upper])]
  const [from, to] = extentOf(values)
  const place = (value: number): string => (to > from ? 6 + (108 * (value - from)) / (to - from) : 60).toFixed(1)
  const grey =
    band === null
      ? ''
      : `<rect x="${place(band.lower)}" y="3" width="${Math.max(1, Number(place(band.upper)) - Number(place(band.lower))).toFixed(1)}" height="8" fill="var(--band)"/>`
  const dot = ours === null ? '' : `<circle cx="${place(ours)}" cy="7" r="3.5" class="${verdict}" fill="currentColor"/>`
  return `<svg width="120" height="14" role="img" aria-label="published ${number(published)}, ours ${number(ours)}">${grey}<path d="M${place(published)} 1V13" stroke="currentColor"/>${dot}</svg>`
}

/** Ours as it is known: `0.0021`, `below 0.001`, `not reached`. */
function oursText({ ours, reading }: ReportRow): string {
  if (reading === 'notReached') return 'not reached'
  return `${reading === 'below' ? 'below ' : ''}${number(ours)}`
}

function rowHtml(row: ReportRow): string {
  const { quantity, model, published, band, verdict, source } = row
  const cells = [
    escaped(quantity),
    escaped(model ?? ''),
    `<span title="${escaped(source)}">${number(published)}</span>`,
    escaped(band?.rule ?? ''),
    oursText(row),
    bar(row),
    `<span class="${verdict}">${VERDICTS[verdict]}</span>`,
  ]
  return `<tr>${cells.map((cell, index) => `<td${index === 2 || index === 4 ? ' class="number"' : ''}>${cell}</td>`).join('')}</tr>`
}

const HEAD =
  '<tr><th>Quantity</th><th>Model</th><th class="number">Published</th><th>Tolerance</th><th class="number">Ours</th><th></th><th>Verdict</th></tr>'

function groupHtml(group: string, rows: readonly ReportRow[]): string {
  return `<h2>${escaped(group)}</h2><table><thead>${HEAD}</thead><tbody>${rows.map(rowHtml).join('\n')}</tbody></table>`
}

const judgedText = (inside: number, banded: number): string =>
  banded === 0 ? 'No result has a tolerance at this scale.' : `${inside} of ${banded} results are within tolerance.`

/** The summary at the top of the report. */
function summary({ scale, set, seed, note, counts, executor, versions, createdAt }: ReplayReport): string {
  const banded = counts.inside + counts.outside
  const verdict =
    set === 'cifar10'
      ? judgedText(counts.inside, banded)
      : 'This replay did not use the images of the paper, so no result is compared.'
  const caution =
    scale === 'full' || set !== 'cifar10'
      ? ''
      : ' Networks, epochs and grids are smaller than published: published values are shown for context, tolerances are those of this scale, and the order of the models is what such a replay can show.'
  const program = Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
  return `<p><strong>${verdict}</strong>${caution}</p><p class="soft">Scale ${scale} (${escaped(SCALE_TEXTS[scale])}), seed ${seed}, ${escaped(note)}. ${escaped(executor ?? 'unknown backend')}; ${escaped(program)}; ${createdAt}.</p>`
}

/**
 * The report as one page that needs nothing from elsewhere: tables, bars, figures.
 *
 * @param figures - as PNG
 */
export function reportPage(report: ReplayReport, figures: readonly ReportFigure[]): string {
  const groups = [...new Set(report.rows.map(({ group }) => group))]
  const claims = report.claims.map(
    ({ text, holds, detail }) =>
      `<tr><td class="${holds === null ? 'open' : holds ? 'holds' : 'fails'}">${holds === null ? 'open' : holds ? 'yes' : 'no'}</td><td>${escaped(text)}</td><td class="soft">${escaped(detail)}</td></tr>`,
  )
  const pictures = figures.map(
    ({ label, text, png }) =>
      `<figure><img alt="${escaped(label)}" src="data:image/png;base64,${Buffer.from(png).toString('base64')}"><figcaption>${escaped(label)}: ${escaped(text)}</figcaption></figure>`,
  )
  const left = report.notReplayed.map(
    ({ quantity, reason }) => `<tr><td>${escaped(quantity)}</td><td class="soft">${escaped(reason)}</td></tr>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>Replay of arXiv 2405.00679, ${report.scale}</title><style>${STYLE}</style></head><body>
<h1>Replay of arXiv 2405.00679</h1>
${summary(report)}
<h2>Claims of the paper</h2><table><tbody>${claims.join('\n')}</tbody></table>
${groups
  .map((group) =>
    groupHtml(
      group,
      report.rows.filter((row) => row.group === group),
    ),
  )
  .join('\n')}
<h2>Published values that are not part of this replay</h2><table><tbody>${left.join('\n')}</tbody></table>
<h2>Figures</h2>
${pictures.join('\n')}
</body></html>
`
}
