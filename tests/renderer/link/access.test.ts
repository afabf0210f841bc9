import { describe, expect, it } from 'vitest'
import { pageAccess, type AccessWindow } from '../../../renderer/link/access.js'

const TOKEN = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'

function page(address: string, kept: string | null = null) {
  const storage = new Map<string, string>(kept === null ? [] : [['workbench.token', kept]])
  let href = address
  const window = {
    localStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => storage.set(key, value),
    },
    location: {
      get href() {
        return href
      },
      get origin() {
        return new URL(href).origin
      },
    },
    history: {
      state: null,
      replaceState: (_state: unknown, _title: string, url: URL) => {
        href = url.href
      },
    },
  } as unknown as AccessWindow
  return { access: pageAccess(window), storage, address: () => href }
}

describe('the token of a page', () => {
  it('comes from the address, is kept, and is taken out of it', () => {
    const { access, storage, address } = page(`http://127.0.0.1:4711/?token=${TOKEN}#/runs?q=x`)
    expect(access.token()).toBe(TOKEN)
    expect(storage.get('workbench.token')).toBe(TOKEN)
    expect(address()).toBe('http://127.0.0.1:4711/#/runs?q=x')
  })
  it('is the kept one after a reload or from a bookmark, and none in a browser that never had it', () => {
    expect(page('http://127.0.0.1:4711/#/runs', TOKEN).access.token()).toBe(TOKEN)
    expect(page('http://127.0.0.1:4711/').access.token()).toBeNull()
  })
  it('can be pasted, as an address or alone', () => {
    const { access, storage } = page('http://127.0.0.1:4711/')
    expect(access.take(` http://127.0.0.1:4711/?token=${TOKEN} \n`)).toEqual({ goTo: null })
    expect([access.token(), storage.get('workbench.token')]).toEqual([TOKEN, TOKEN])
    expect(access.take(`${TOKEN}2`)).toEqual({ goTo: null })
    expect(access.token()).toBe(`${TOKEN}2`)
    expect(access.take(`http://127.0.0.1:5000/?token=${TOKEN}`)).toEqual({
      goTo: `http://127.0.0.1:5000/?token=${TOKEN}`,
    })
  })
  it.each(['', 'hello', 'http://127.0.0.1:4711/', 'javascript:alert(1)', `http://attacker.example/?token=${TOKEN}`])(
    'refuses %s',
    (text) => {
      const { access } = page('http://127.0.0.1:4711/')
      expect(access.take(text)).toHaveProperty('fault')
      expect(access.token()).toBeNull()
    },
  )
  it('survives a browser that keeps nothing', () => {
    const refusing = {
      getItem: () => {
        throw new Error('denied')
      },
      setItem: () => {
        throw new Error('denied')
      },
    }
    const window = {
      localStorage: refusing,
      location: { href: `http://127.0.0.1:1/?token=${TOKEN}`, origin: 'http://127.0.0.1:1' },
      history: { state: null, replaceState: () => undefined },
    } as unknown as AccessWindow
    expect(pageAccess(window).token()).toBe(TOKEN)
  })
})
