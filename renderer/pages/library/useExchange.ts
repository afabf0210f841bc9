import { computed, type ComputedRef } from 'vue'
import { EXPORTS, type ExportKind } from '../../../contract/library/exchange.js'
import type { RunId } from '../../../contract/index.js'
import { useLink } from '../../composables/useLink.js'
import type { Action } from '../../composables/useAction.js'
import { saveBytes } from '../../run/saveBytes.js'
import { runsText } from './entries.js'

interface Line {
  ids: readonly RunId[]
}

/** Export of the selected runs, or of all that the table shows, and the import of others. */
export interface Exchange {
  /** `3 selected runs`, or `all 12 runs` */
  readonly what: ComputedRef<string>
  save(kind: ExportKind): void
}

const count = (lines: readonly Line[]): number => lines.reduce((sum, { ids }) => sum + ids.length, 0)

/**
 * @param saving - keeps how the last export failed
 * @param selected - lines that are selected
 * @param lines - all lines of the table
 * @param columns - columns that the table shows
 */
export function useExchange(
  saving: Action,
  selected: () => readonly Line[],
  lines: () => readonly Line[],
  columns: () => readonly string[],
): Exchange {
  const lab = useLink()
  const chosen = (): readonly Line[] => (selected().length > 0 ? selected() : lines())
  return {
    what: computed(() =>
      selected().length > 0
        ? runsText(count(selected())).replace(/ (?=run)/, ' selected ')
        : `all ${runsText(count(lines()))}`,
    ),
    save: (kind) =>
      void saving.run(async () => {
        const { download } = await lab.call('library.export', {
          kind,
          lines: chosen().map(({ ids }) => [...ids]),
          columns: ['name', ...columns().filter((column) => column !== 'name')],
          folder: null,
        })
        if (download !== null) saveBytes(EXPORTS[kind].fileName, download.bytes)
      }),
  }
}
