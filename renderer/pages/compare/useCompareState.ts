import type { TestName } from '../../../contract/compare/comparison.js'
import { NULL_KINDS, type NullKind } from '../../../contract/compare/fieldMatch.js'
import type { RunId } from '../../../contract/index.js'
import { TEXT, useAddress, wordOf } from '../../composables/useAddress.js'
import { COLUMNS, EPOCHS, GROUPING, IDS, NO_IDS, WINDOW, type ChosenIds, type Grouping } from './compareAddress.js'

/** Everything that a user chooses on the page; its address carries all of it. */
export function useCompareState() {
  return {
    ids: useAddress<ChosenIds>('ids', () => NO_IDS, IDS, { push: true }),
    query: useAddress('where', () => '', TEXT),
    grouping: useAddress<Grouping>('group', () => 'seeds', GROUPING),
    /** First run of the baseline; empty for the first group. */
    baseline: useAddress<RunId>('baseline', () => '', TEXT),
    /** First runs of groups that are hidden everywhere. */
    hidden: useAddress<readonly RunId[]>('hide', () => [], COLUMNS),
    measures: useAddress<readonly string[]>('measures', () => [], COLUMNS),
    test: useAddress<TestName>('test', () => 'pairedT', wordOf(['pairedT', 'signedRank'])),
    seeds: useAddress<'together' | 'single'>('seeds', () => 'together', wordOf(['together', 'single'])),
    curve: useAddress('curve', () => '', TEXT),
    axis: useAddress<'linear' | 'log'>('axis', () => 'linear', wordOf(['linear', 'log'])),
    epochs: useAddress('epochs', () => null, EPOCHS),
    spectrum: useAddress('spectrum', () => '', TEXT),
    window: useAddress('window', () => null, WINDOW),
    attack: useAddress('attack', () => '', TEXT),
    robustness: useAddress<'curves' | 'norms'>('robustness', () => 'curves', wordOf(['curves', 'norms'])),
    fieldsA: useAddress('a', () => '', TEXT),
    fieldsB: useAddress('b', () => '', TEXT),
    nullKind: useAddress<NullKind>('null', () => 'turned', wordOf(NULL_KINDS)),
    x: useAddress('x', () => '', TEXT),
    y: useAddress('y', () => '', TEXT),
  }
}
export type CompareState = ReturnType<typeof useCompareState>
