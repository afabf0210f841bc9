import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  FIGURE_FACTS,
  LabError,
  type ExportedFigure,
  type FigureContent,
  type FigureFormat,
  type FigureName,
  type FigureSource,
  type PreflightFinding,
  type ResultOrigin,
  type RunId,
  type StyleName,
} from '../../contract/index.js'
import { writeFileAtomically } from '../files/atomicWrite.js'
import { expectExportable, holdsOwnFigure, writeExport } from '../files/exports.js'
import { isInside } from '../files/target.js'
import type { LabContext, SomeHandlers } from '../context.js'
import { exportStem } from '../figures/exportStem.js'
import { gatherResults, gatherRun } from '../figures/gatherResults.js'

interface FigureQuestion {
  figure: FigureName
  source: FigureSource
  style: StyleName
  formats: readonly FigureFormat[]
  dpi: number
}

/** A figure's data, and where they come from. */
interface Gathered {
  content: FigureContent
  runs: RunId[]
  seeds: number[]
  sources: string[]
  results: ResultOrigin[]
  findings: PreflightFinding[]
}

/** Figures of the paper from archived runs and results or from given data: gathered here, drawn in the analysis thread. */
export function figureHandlers(
  context: LabContext,
): SomeHandlers<'figure.render' | 'figure.export' | 'figure.readFile'> {
  const { analysis, archive, options } = context

  const gather = async (figure: FigureName, source: FigureSource, signal: AbortSignal): Promise<Gathered> => {
    if (source.kind === 'data') {
      if (source.content.figure !== figure)
        throw new LabError(
          'value.range',
          `expected data of Figure ${figure}, got data of Figure ${source.content.figure}`,
        )
      return { content: source.content, runs: [], seeds: [], sources: [source.name], results: [], findings: [] }
    }
    if (source.kind === 'results') return { ...(await gatherResults(context, figure, source, signal)), sources: [] }
    return { ...(await gatherRun(context, figure, source, signal)), sources: [], results: [], findings: [] }
  }
  const draw = async ({ figure, source, style, formats, dpi }: FigureQuestion, signal: AbortSignal) => {
    const { content, findings: gathered, ...origin } = await gather(figure, source, signal)
    const provenance = {
      figure,
      ...origin,
      style,
      program: `LocalLearning Workbench ${options.version}`,
      drawnAt: new Date().toISOString(),
    }
    const drawn = await analysis.ask('figure', { content, style, provenance, formats, dpi }, { signal })
    return { ...drawn, findings: [...gathered, ...drawn.findings], provenance }
  }
  /** Where exported files lie when no folder is named. */
  const ownPath = (run: RunId | null, fileName: string): string =>
    run === null ? join(archive.folder, 'figures', fileName) : archive.pathOf(run, `figures/${fileName}`)

  return {
    'figure.render': async ({ figure, source, style }, { signal }) => {
      const { svg, widthMm, heightMm, findings } = await draw({ figure, source, style, formats: [], dpi: 300 }, signal)
      return { svg, widthMm, heightMm, findings }
    },
    'figure.export': async ({ figure, source, style, formats, folder, dpi, overwrite: asked = false }, { signal }) => {
      // A folder of the user's, and a replay's, keep the paper's names.
      const fileStem = folder === null ? exportStem(figure, source, style) : FIGURE_FACTS[figure].fileStem
      const overwrite = asked || (folder !== null && (await holdsOwnFigure(folder, fileStem)))
      if (folder !== null) {
        const names = [...formats, 'provenance.json', 'data.json'].map((ending) =>
          join(folder, `${fileStem}.${ending}`),
        )
        const ofReplay = basename(folder) === 'figures' && (await isInside(folder, join(archive.folder, 'replays')))
        await expectExportable(names, { overwrite, archive: ofReplay ? null : archive.folder })
      }
      const { files, findings, numbers, provenance } = await draw({ figure, source, style, formats, dpi }, signal)
      const run = source.kind === 'run' ? source.run : null
      const write = async (fileName: string, bytes: Uint8Array): Promise<string> => {
        const path = folder === null ? ownPath(run, fileName) : join(folder, fileName)
        await (folder === null ? writeFileAtomically(path, bytes) : writeExport(path, bytes, { overwrite }))
        return path
      }
      const exported: ExportedFigure[] = []
      for (const { format, bytes } of files) {
        const fileName = `${fileStem}.${format}`
        exported.push({
          format,
          fileName,
          path: await write(fileName, bytes),
          bytes: bytes.byteLength,
          findings: findings.filter(({ level }) => level !== 'pass'),
        })
      }
      await write(
        `${fileStem}.provenance.json`,
        new TextEncoder().encode(`${JSON.stringify({ ...provenance, findings }, null, 2)}\n`),
      )
      await write(`${fileStem}.data.json`, new TextEncoder().encode(numbers))
      return exported
    },
    'figure.readFile': async ({ run, fileName }) => {
      const path = ownPath(run, fileName)
      return readFile(path).then(
        (buffer) => new Uint8Array(buffer),
        (error: unknown) => {
          throw new LabError('file.unreadable', `${path} was not exported`, { path }, error)
        },
      )
    },
  }
}
