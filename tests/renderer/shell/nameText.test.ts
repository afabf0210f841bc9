// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import NameText from '../../../renderer/components/NameText.vue'

it('a name is whole for readers and in its tooltip, in parts whose classes no style sheet of the window has', () => {
  const name = 'A very long name of a classifier of synthetic scenes, delta 0.1'
  const text = mount(NameText, { props: { name } })
  expect(text.text()).toBe(name)
  expect([text.attributes('title'), text.attributes('aria-label')]).toEqual([name, name])
  const global = ['base', 'layout', 'controls']
    .map((sheet) => readFileSync(`renderer/styles/${sheet}.css`, 'utf8'))
    .join('\n')
  for (const part of text.findAll('span'))
    for (const each of part.classes()) expect(global).not.toMatch(new RegExp(`\\.${each}\\b`))
})
