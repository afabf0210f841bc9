import { flushPromises, mount, type DOMWrapper, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import { LINK } from '../../renderer/composables/useLink.js'
import { useDatasetsStore } from '../../renderer/stores/datasets.js'
import { useLabStore } from '../../renderer/stores/lab.js'
import { usePresetsStore } from '../../renderer/stores/presets.js'
import { useRunsStore } from '../../renderer/stores/runs.js'
import { useWorkStore } from '../../renderer/stores/work.js'
import type { FakeLab } from './fakeLab.js'

/** A page on screen, with the router's address. */
export interface MountedPage {
  wrapper: VueWrapper
  router: Router
}

/** Mounts a page as the window does: stores started, router at an address, everything settled. */
export async function mountPage(
  page: Component,
  lab: FakeLab,
  address = '/',
  properties: Record<string, unknown> = {},
): Promise<MountedPage> {
  const blank = defineComponent({ render: () => h('div') })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:path(.*)*', component: blank }] })
  await router.push(address)
  const root = defineComponent({
    setup() {
      useLabStore().start()
      useRunsStore().start()
      useWorkStore().start()
      useDatasetsStore().start()
      usePresetsStore().start()
      return () => h(TooltipProvider, () => h(page, properties))
    },
  })
  const wrapper = mount(root, {
    attachTo: document.body,
    global: { plugins: [createPinia(), router], provide: { [LINK as symbol]: lab } },
  })
  await flushPromises()
  return { wrapper, router }
}

/** The first button whose text holds these words. */
export function button(page: VueWrapper, words: string): DOMWrapper<Element> {
  const found = page.findAll('button').find((candidate) => candidate.text().includes(words))
  if (found === undefined)
    throw new Error(
      `no button ${words} among ${page
        .findAll('button')
        .map((each) => each.text())
        .join(' | ')}`,
    )
  return found
}
