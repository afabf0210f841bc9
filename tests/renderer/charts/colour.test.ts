// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { build, type Rolldown } from 'vite'
import { cssColour, hexColour, tokenColour } from '../../../renderer/charts/cssColour.js'
import { translucent } from '../../../renderer/charts/theme.js'
import { usePlaneTheme } from '../../../renderer/pages/plane/usePlaneTheme.js'
import { effectScope } from 'vue'

const SOURCE = readFileSync('renderer/styles/tokens.css')
/** The style sheet as the build writes it. */
const built = (await build({
  configFile: false,
  logLevel: 'silent',
  build: { write: false, rollupOptions: { input: 'renderer/styles/tokens.css' } },
})) as Rolldown.RolldownOutput
const MINIFIED = built.output
  .flatMap((file) => (file.type === 'asset' && file.fileName.endsWith('.css') ? [String(file.source)] : []))
  .join('')
const tokensOf = (css: string): [name: string, value: string][] =>
  [...css.matchAll(/--([\w-]+):\s*([^;}]+)/g)].map(([, name = '', value = '']) => [name, value.trim()])

describe('colours of the theme', () => {
  it('are read in every way in which CSS writes them', () => {
    for (const text of [
      '#fff',
      '#FFFFFF',
      'white',
      'rgb(255,255,255)',
      '#ffff',
      '#ffffffff',
      'hsl(0,0%,100%)',
      ' #fff ',
    ])
      expect(cssColour(text), text).toEqual([255, 255, 255, 1])
    expect(cssColour('rgba(20, 24, 31, .5)')).toEqual([20, 24, 31, 0.5])
    expect(['', 'no colour', '12px'].map(cssColour)).toEqual([null, null, null])
    expect(hexColour([255, 0, 127.6, 1])).toBe('#ff0080')
  })
  it('are the same in the built style sheet, which is written shorter', () => {
    expect(MINIFIED).toContain('--pane:#fff')
    const [before, after] = [tokensOf(SOURCE.toString()), tokensOf(MINIFIED)]
    const colours = before.flatMap(([name, value]) => {
      const colour = value.startsWith('#') ? cssColour(value) : null
      return colour === null ? [] : [[name, colour] as const]
    })
    expect(colours.length).toBeGreaterThan(100)
    expect(
      after.flatMap(([name, value]) =>
        cssColour(value) === null || !before.some(([other, old]) => other === name && old.startsWith('#'))
          ? []
          : [[name, cssColour(value)]],
      ),
    ).toEqual(colours)
  })
  it('take an opacity however they are written', () =>
    expect(['#fff', 'white', '#ffffff'].map((text) => translucent(text, 0.5))).toEqual(
      Array(3).fill('rgba(255, 255, 255, 0.5)'),
    ))
  it('fade a decision plane into the pane, not into grey, under the built style sheet', () => {
    const style = document.createElement('style')
    style.textContent = MINIFIED
    document.head.append(style)
    const scope = effectScope()
    expect(tokenColour('pane')).toEqual([255, 255, 255, 1])
    expect(scope.run(() => usePlaneTheme().value.ground)).toEqual([255, 255, 255])
    expect(scope.run(() => usePlaneTheme().value.classes[0])).toBe('#4e9cda')
    scope.stop()
    style.remove()
  })
})
