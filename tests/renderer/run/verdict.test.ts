// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import type { ConvergenceVerdict, RunRecord } from '../../../contract/index.js'
import VerdictBar from '../../../renderer/pages/run/VerdictBar.vue'
import { fakeLab, runRecord } from '../fakeLab.js'
import { mountPage } from '../mountPage.js'

const verdict = (text: string, passed: boolean): ConvergenceVerdict => ({
  passed,
  unconvergedFraction: passed ? 0 : 0.26,
  unconvergedUnits: passed ? 0 : 105,
  lowMeanUnits: 0,
  flatFraction: 0,
  text,
})
const pruned: RunRecord['pruning'] = {
  mode: 'corrected',
  cutoff: 1e-3,
  manual: false,
  components: 2,
  removedCount: 105,
  prunedAt: '2026-11-25T13:00:00.000Z',
  model: 'pruned.pty',
  verdict: verdict('All 295 remaining units converged.', true),
}
const bar = async (record: RunRecord): Promise<{ text: string; tone: string[] }> => {
  const { wrapper } = await mountPage(VerdictBar, fakeLab(), '/', { record })
  const [text, tone] = [wrapper.text(), wrapper.find('[data-testid="verdict"]').classes()]
  wrapper.unmount()
  return { text, tone }
}

describe('the verdict above a run', () => {
  const trained = runRecord({
    kind: 'localLearning',
    state: 'finished',
    verdict: verdict('105 of 400 units did not converge.', false),
  })
  it('is that of the training, with the way to prune', async () => {
    const { text, tone } = await bar(trained)
    expect(text).toContain('105 of 400 units did not converge.')
    expect(text).toContain('Prune…')
    expect(tone).toContain('warn')
  })
  it('is that of the remaining units after pruning', async () => {
    const { text, tone } = await bar({ ...trained, pruning: pruned })
    expect(text).toContain('All 295 remaining units converged.')
    expect(text).not.toContain('105 of 400')
    expect(tone).toContain('good')
  })
  it('stays that of the training where an earlier version stored none', async () => {
    const { verdict: none, ...earlier } = pruned!
    expect(none).not.toBeNull()
    expect((await bar({ ...trained, pruning: earlier })).text).toContain('105 of 400 units did not converge.')
  })
})
