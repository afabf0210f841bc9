import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { asLabError, experimentSpec, type ExperimentSpec, type LabError, type Preset } from '../../contract/index.js'
import { useLink } from '../composables/useLink.js'
import { recall, remember } from './browserStore.js'
import { useLabStore } from './lab.js'

const OWN_KEY = 'presets'

/** Presets saved in this browser; those of older versions that are no longer valid are left out. */
function ownPresets(): Preset[] {
  return (recall<Preset[]>(OWN_KEY) ?? []).filter((preset) => experimentSpec.safeParse(preset.spec).success)
}

/** Starting points of the form: those of the program, and those saved in this browser. */
export const usePresetsStore = defineStore('presets', () => {
  const link = useLink()
  const builtIn = shallowRef<readonly Preset[]>([])
  const own = shallowRef<readonly Preset[]>(ownPresets())
  const error = shallowRef<LabError | null>(null)

  const refresh = async (): Promise<void> => {
    try {
      builtIn.value = await link.call('preset.list', null)
      error.value = null
    } catch (thrown) {
      error.value = asLabError(thrown)
    }
  }
  const keep = (presets: readonly Preset[]): void => {
    own.value = presets
    remember(OWN_KEY, presets)
  }
  return {
    builtIn,
    own,
    error,
    refresh,
    all: computed(() => [...builtIn.value, ...own.value]),
    start: (): void => {
      useLabStore().onMended(() => void refresh())
      void refresh()
    },
    /** Saves a spec under a name; a preset of the same name is replaced. */
    save: (label: string, spec: ExperimentSpec): Preset => {
      const preset: Preset = {
        id: `own:${label.trim().toLowerCase()}`,
        label: label.trim(),
        description: 'saved in this browser',
        spec,
      }
      keep([...own.value.filter(({ id }) => id !== preset.id), preset])
      return preset
    },
    remove: (id: string): void => keep(own.value.filter((preset) => preset.id !== id)),
  }
})
