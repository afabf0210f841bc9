// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { nextTick } from 'vue'
import { expect, it } from 'vitest'
import FilterMosaic from '../../../renderer/run/FilterMosaic.vue'

const UNITS = 12
it('the read-out of a mosaic follows whichever was used last: the pointer or the keys', async () => {
  const page = mount(FilterMosaic, {
    props: {
      weights: new Float32Array(UNITS * 4),
      units: UNITS,
      shape: [2, 2, 1] as const,
      scaling: 'tile' as const,
      order: 'index' as const,
      numbers: null,
      wins: null,
      'onUpdate:selected': (selected: number | null) => page.setProps({ selected }),
    },
    attachTo: document.body,
  })
  await nextTick()
  const readout = (): string => page.find('.readout').text()
  const point = async (): Promise<void> => {
    // happy-dom gives events no place of their own.
    page.find('canvas').element.dispatchEvent(Object.assign(new Event('pointermove'), { offsetX: 0, offsetY: 0 }))
    await nextTick()
  }
  await point()
  expect(readout()).toContain('Unit 0')
  for (let press = 0; press < 4; press++) await page.find('.scroller').trigger('keydown', { key: 'ArrowRight' })
  await nextTick()
  expect(readout()).toContain('Unit 3')
  await point()
  expect(readout()).toContain('Unit 0')
  page.unmount()
})
