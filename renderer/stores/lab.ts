import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef } from 'vue'
import type { DoctorReport, LabInfo, LabSettings, LabVitals, LinkState } from '../../contract/index.js'
import { useLink } from '../composables/useLink.js'
import { recall, remember } from './browserStore.js'

const SETTINGS_KEY = 'settings'
const VITALS_EVERY_MS = 3000

const FIRST_SETTINGS: LabSettings = {
  theme: 'system',
  density: 'normal',
  railLabels: true,
  queueHeld: false,
  executor: 'auto',
  slots: 1,
  threadsPerSlot: null,
}

/** What the frame needs: the link, the machine, its vitals, the settings. */
export const useLabStore = defineStore('lab', () => {
  const link = useLink()
  const linkState = shallowRef<LinkState>(link.state)
  const lostAt = shallowRef<Date | null>(null)
  const info = shallowRef<LabInfo | null>(null)
  const vitals = shallowRef<LabVitals | null>(null)
  const doctor = shallowRef<DoctorReport | null>(null)
  // The last settings of this browser, so that the first paint already has its theme.
  const settings = shallowRef<LabSettings>({ ...FIRST_SETTINGS, ...recall<Partial<LabSettings>>(SETTINGS_KEY) })
  const refreshers = new Set<() => void>()

  const takeSettings = (next: LabSettings): void => {
    settings.value = next
    remember(SETTINGS_KEY, next)
  }
  const refreshVitals = async (): Promise<void> => {
    if (linkState.value !== 'open' || document.hidden) return
    vitals.value = await link.call('lab.vitals', null).catch(() => vitals.value)
  }
  const refreshInfo = async (): Promise<void> => {
    info.value = await link.call('lab.info', null).catch(() => info.value)
  }
  const refresh = async (): Promise<void> => {
    const [, nextSettings] = await Promise.all([refreshInfo(), link.call('settings.get', null).catch(() => null)])
    if (nextSettings !== null) takeSettings(nextSettings)
    await refreshVitals()
  }

  return {
    linkState,
    lostAt,
    info,
    vitals,
    doctor,
    settings,
    connected: computed(() => linkState.value === 'open'),
    /** Follows the lab for the life of the window, or of the component that starts it. */
    start: (): void => {
      link.onState((state) => {
        const was = linkState.value
        linkState.value = state
        lostAt.value = state === 'open' ? null : (lostAt.value ?? new Date())
        if (state === 'open' && (was === 'lost' || was === 'refused')) {
          void refresh()
          for (const again of refreshers) again()
        }
      })
      link.listen('settings.changed', takeSettings, () => void refresh())
      void refresh()
      const timer = window.setInterval(() => void refreshVitals(), VITALS_EVERY_MS)
      onScopeDispose(() => window.clearInterval(timer), true)
    },
    /** Calls back after a broken link was mended, when what was known may be old. */
    onMended: (again: () => void): (() => void) => {
      refreshers.add(again)
      return () => refreshers.delete(again)
    },
    change: async (changes: Partial<LabSettings>): Promise<void> => {
      // Applied at once, so that the control responds; the answer of the lab follows.
      takeSettings({ ...settings.value, ...changes })
      takeSettings(await link.call('settings.set', changes))
      // The backend in use depends on it.
      if (changes.executor !== undefined) await refreshInfo()
    },
    examine: async (): Promise<DoctorReport> => {
      const report = await link.call('lab.doctor', null)
      doctor.value = report
      if (info.value !== null)
        info.value = {
          ...info.value,
          executor: report.executor,
          executorNote: report.executorNote,
          executors: report.executors,
        }
      return report
    },
  }
})
