import type { App, Dialog, Session, Shell, WebContents } from 'electron'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Frame } from '../../contract/index.js'
import { readArguments } from '../../main/arguments.js'
import { handleDialogs } from '../../main/dialogs.js'
import { denyPermissions, guardPages } from '../../main/guards.js'
import { ipcEndpoint } from '../../main/ipcEndpoint.js'
import { CHOOSE_FILE_CHANNEL, FRAME_CHANNEL, isOwnPage, REVEAL_FILE_CHANNEL } from '../../main/origin.js'
import { answerRequest } from '../../main/scheme.js'
import { windowOptions } from '../../main/window.js'
import { createFakeWindow } from './fakeElectron.js'

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const call: Frame = { tag: 'call', id: 1, name: 'lab.info', input: null }

describe('the window', () => {
  it('runs pages isolated, sandboxed and without Node', () => {
    const preferences = windowOptions('/preload.cjs', false).webPreferences
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
    })
  })
})

describe('own pages', () => {
  it.each([
    ['workbench://app/index.html', true],
    ['workbench://app/', true],
    ['workbench://elsewhere/index.html', false],
    ['https://app/index.html', false],
    ['file:///etc/passwd', false],
    ['workbench.evil://app/', false],
    ['not an address', false],
  ])('%s: %s', (url, own) => expect(isOwnPage(url)).toBe(own))
  it('refuses a frame without an address', () => expect(isOwnPage(undefined)).toBe(false))
})

describe('the IPC endpoint', () => {
  it('drops frames of strangers, of other windows and things that are no frames', async () => {
    const window = createFakeWindow()
    const received: Frame[] = []
    ipcEndpoint(window.ipcMain, window.contents).onFrame((frame) => received.push(frame))
    window.page.send(FRAME_CHANNEL, call, { url: 'https://evil.example/' })
    window.page.send(FRAME_CHANNEL, call, { contentsId: 2 })
    window.page.send(FRAME_CHANNEL, { tag: 'destroy', id: 1 })
    window.page.send(FRAME_CHANNEL, 'call')
    window.page.send(FRAME_CHANNEL, call)
    await tick()
    expect(received).toEqual([call])
  })

  it('reports once that the window is gone and sends nothing after it', async () => {
    const window = createFakeWindow()
    const endpoint = ipcEndpoint(window.ipcMain, window.contents)
    const closed = vi.fn()
    const messages = vi.fn()
    endpoint.onClose(closed)
    window.page.onMessage(messages)
    window.destroy()
    endpoint.close()
    endpoint.send(call)
    await tick()
    expect(closed).toHaveBeenCalledTimes(1)
    expect(messages).not.toHaveBeenCalled()
  })

  it('leaves nothing behind when a page is reloaded', () => {
    const window = createFakeWindow()
    for (let reload = 0; reload < 20; reload++) ipcEndpoint(window.ipcMain, window.contents).close()
    expect(window.contents.listenerCount('destroyed')).toBe(0)
  })
})

describe('guards', () => {
  const guarded = (): { fire: (name: string, url?: string) => boolean; open: () => { action: string } } => {
    const listeners = new Map<string, (event: { url: string; preventDefault: () => void }) => void>()
    let opener: (() => { action: string }) | null = null
    const contents = {
      on: (name: string, listener: never) => listeners.set(name, listener),
      setWindowOpenHandler: (handler: () => { action: string }) => {
        opener = handler
      },
    }
    const app = {
      on: (_name: string, listener: (event: unknown, contents: WebContents) => void) =>
        listener({}, contents as unknown as WebContents),
    }
    guardPages(app as unknown as Pick<App, 'on'>)
    return {
      fire: (name, url = '') => {
        let prevented = false
        listeners.get(name)?.({
          url,
          preventDefault: () => {
            prevented = true
          },
        })
        return prevented
      },
      open: () => opener?.() ?? { action: 'none' },
    }
  }

  it('keeps the page at home', () => {
    const { fire, open } = guarded()
    expect(fire('will-navigate', 'https://example.org/')).toBe(true)
    expect(fire('will-redirect', 'file:///etc/passwd')).toBe(true)
    expect(fire('will-attach-webview')).toBe(true)
    expect(fire('will-navigate', 'workbench://app/index.html#/runs')).toBe(false)
    expect(open()).toEqual({ action: 'deny' })
  })

  it('grants nothing but writing text to the clipboard', () => {
    const answers: Record<string, boolean> = {}
    const session = {
      setPermissionRequestHandler: (
        handler: (contents: null, permission: string, answer: (granted: boolean) => void) => void,
      ) => {
        for (const permission of [
          'media',
          'geolocation',
          'notifications',
          'openExternal',
          'clipboard-read',
          'clipboard-sanitized-write',
        ])
          handler(null, permission, (granted) => {
            answers[permission] = granted
          })
      },
      setPermissionCheckHandler: (handler: (contents: null, permission: string) => boolean) => {
        answers['check media'] = handler(null, 'media')
      },
    }
    denyPermissions(session as unknown as Session)
    expect(answers).toEqual({
      media: false,
      geolocation: false,
      notifications: false,
      openExternal: false,
      'clipboard-read': false,
      'clipboard-sanitized-write': true,
      'check media': false,
    })
  })
})

describe('dialogs', () => {
  it('choose a file for the own page only, with checked options', async () => {
    const window = createFakeWindow()
    const showOpenDialog = vi.fn(async () => ({ canceled: false, filePaths: ['/data/cifar-10-binary.tar.gz'] }))
    const showItemInFolder = vi.fn()
    handleDialogs(window.ipcMain, { showOpenDialog } as unknown as Dialog, { showItemInFolder } as unknown as Shell)
    const options = { title: 'CIFAR-10', extensions: ['gz'], folder: false }
    expect(await window.page.invoke(CHOOSE_FILE_CHANNEL, options)).toBe('/data/cifar-10-binary.tar.gz')
    await expect(window.page.invoke(CHOOSE_FILE_CHANNEL, options, { url: 'https://evil.example' })).rejects.toThrow(
      'not part of the workbench',
    )
    await expect(window.page.invoke(CHOOSE_FILE_CHANNEL, { ...options, properties: ['openFile'] })).rejects.toThrow()
    await window.page.invoke(REVEAL_FILE_CHANNEL, '/runs/a.eps')
    expect(showItemInFolder).toHaveBeenCalledWith('/runs/a.eps')
    await expect(window.page.invoke(REVEAL_FILE_CHANNEL, '/x', { url: 'file:///x' })).rejects.toThrow(
      'not part of the workbench',
    )
  })
})

describe('the own scheme', () => {
  const folder = join(tmpdir(), `workbench-scheme-${process.pid}`)
  beforeAll(() => {
    mkdirSync(join(folder, 'assets'), { recursive: true })
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Workbench</title>')
    writeFileSync(join(folder, 'assets', 'a.js'), 'export {}')
    writeFileSync(`${folder}-secret.txt`, 'secret')
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
    rmSync(`${folder}-secret.txt`)
  })
  const get = (url: string, method = 'GET'): Promise<Response> => answerRequest(folder, { url, method })

  it('serves the built window with a strict content security policy', async () => {
    const page = await get('workbench://app/index.html')
    expect(await page.text()).toContain('Workbench')
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self';/)
    expect((await get('workbench://app/assets/a.js')).headers.get('content-type')).toContain('javascript')
  })

  it.each([
    ['workbench://elsewhere/index.html', 'GET', 404],
    ['workbench://app/assets/none.js', 'GET', 404],
    ['workbench://app/index.html', 'POST', 405],
    [`workbench://app/..%2f${'workbench-scheme'}-${process.pid}-secret.txt`, 'GET', 404],
  ])('refuses %s by %s with %d', async (url, method, status) => expect((await get(url, method)).status).toBe(status))
})

describe('arguments of the desktop program', () => {
  it('takes folders from the command line and the environment, and passes over switches of Chromium', () => {
    const given = readArguments(['.', '--no-sandbox', '--data', '/a', '--data=/b', '--archive', '/c'], {
      LOCALLEARNING_DATA: `/b${delimiter}/d`,
    })
    expect(given).toEqual({ dataFolders: ['/a', '/b', '/d'], archiveFolder: '/c', takeOver: false })
    expect(readArguments([], {})).toEqual({ dataFolders: [], archiveFolder: null, takeOver: false })
    expect(readArguments(['.', '--take-over'], {}).takeOver).toBe(true)
  })
})
