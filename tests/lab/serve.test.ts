import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createLink } from '../../contract/link/index.js'
import { socketEndpoint } from '../../lab/link/index.js'
import { serveWeb, type WebHost } from '../../lab/serve/index.js'
import { createFakeLab, SETTINGS, type FakeLab } from './link/fakeLab.js'

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

let host: WebHost
let lab: FakeLab
let folder: string
let port: number
let token: string

function ask(path: string, options: { headers?: Record<string, string>; method?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers: options.headers ?? {} },
      (response) => {
        let body = ''
        response.on('data', (chunk: Buffer) => (body += chunk.toString()))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

const LARGE = 'export const one = 1\n'.repeat(500)

function raw(path: string, encoding: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { 'Accept-Encoding': encoding } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (chunk: Buffer) => parts.push(chunk))
      response.on('end', () => resolve(Buffer.concat(parts)))
    })
      .on('error', reject)
      .end()
  })
}

/** The status of a refused upgrade, or 101. */
function upgrade(path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', () => undefined)
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-serve-'))
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>Workbench</title>')
  await writeFile(join(folder, 'page', 'assets', 'app-1a2b.js'), 'export {}')
  await writeFile(join(folder, 'page', 'assets', 'font.woff2'), 'font'.repeat(1000))
  await writeFile(join(folder, 'page', 'assets', 'large-3c4d.js'), LARGE)
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await symlink(join(folder, 'secret.txt'), join(folder, 'page', 'assets', 'link.txt'))
  lab = createFakeLab()
  host = await serveWeb({ lab, port: 0, rendererFolder: join(folder, 'page') })
  const url = new URL(host.url)
  port = Number(url.port)
  token = url.searchParams.get('token') ?? ''
})
afterAll(async () => {
  await host.close()
  await rm(folder, { recursive: true })
})

describe('pages and files', () => {
  it('gives the page with a strict policy and without a cookie, and with status 403 where the token is missing', async () => {
    const page = await ask(`/?token=${token}`)
    expect([page.status, page.body]).toEqual([200, '<!doctype html><title>Workbench</title>'])
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    // A cookie would be sent to every other port of this machine.
    expect(page.headers['set-cookie']).toBeUndefined()
    expect(page.body).not.toContain(token)
    expect((await ask('/runs/r-1', { headers: { Cookie: `workbench-${port}=${token}` } })).status).toBe(403)
    expect((await ask('/')).status).toBe(403)
    expect((await ask('/index.html')).status).toBe(403)
    expect((await ask(`/?token=${token.slice(0, -1)}`)).status).toBe(403)
    expect((await ask(`/?token=${token}`, { headers: { Cookie: 'x' } })).status).toBe(200)
  })

  it('says whether a token is the right one, to the header alone', async () => {
    expect((await ask('/session')).status).toBe(401)
    expect((await ask('/session', { headers: { Authorization: `Bearer ${token}x` } })).status).toBe(401)
    expect((await ask('/session', { headers: { Authorization: `Bearer ${token}` } })).status).toBe(204)
    expect(
      (await ask('/session', { headers: { Authorization: `Bearer ${token}`, Host: 'attacker.example' } })).status,
    ).toBe(421)
    expect((await ask('/session', { method: 'OPTIONS' })).status).toBe(405)
  })

  it('compresses scripts as the browser accepts it, once, and nothing that is small or packed already', async () => {
    const encoded = async (path: string, accept: string) =>
      (await ask(path, { headers: { 'Accept-Encoding': accept } })).headers['content-encoding']
    expect(await encoded('/assets/large-3c4d.js', 'gzip, deflate, br')).toBe('br')
    expect(await encoded('/assets/large-3c4d.js', 'br;q=0, gzip')).toBe('gzip')
    expect(await encoded('/assets/large-3c4d.js', 'identity')).toBeUndefined()
    expect(await encoded('/assets/app-1a2b.js', 'gzip')).toBeUndefined()
    expect(await encoded('/assets/font.woff2', 'gzip')).toBeUndefined()
    const packed = await raw('/assets/large-3c4d.js', 'br')
    expect(brotliDecompressSync(packed).toString()).toBe(LARGE)
    expect(packed.length).toBeLessThan(LARGE.length / 10)
  })

  it('gives assets without the token, with their types', async () => {
    expect((await ask('/assets/app-1a2b.js')).headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect((await ask('/assets/font.woff2')).headers['content-type']).toBe('font/woff2')
    expect((await ask('/assets/none.js')).status).toBe(404)
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/assets/link.txt',
    '/assets/%00.js',
    '/%zz.js',
    '//x/../secret.txt',
  ])('gives nothing outside its folder: %s', async (path) => {
    const { status, body } = await ask(path)
    expect([403, 404]).toContain(status)
    expect(body).not.toContain('secret')
  })

  it('refuses foreign names, so that no other site can be rebound to it', async () => {
    expect((await ask(`/?token=${token}`, { headers: { Host: `attacker.example:${port}` } })).status).toBe(421)
    expect((await ask(`/?token=${token}`, { headers: { Host: '127.0.0.1:1' } })).status).toBe(421)
    expect((await ask(`/?token=${token}`, { headers: { Host: `localhost:${port}` } })).status).toBe(200)
  })

  it('answers GET and HEAD only', async () => {
    expect((await ask('/', { method: 'POST' })).status).toBe(405)
    expect((await ask(`/?token=${token}`, { method: 'HEAD' })).body).toBe('')
  })
})

describe('the socket', () => {
  it('wants the token, its own Origin and its own path', async () => {
    const own = { Origin: `http://127.0.0.1:${port}` }
    expect(await upgrade(`/link?token=${token}`, own)).toBe(101)
    expect(await upgrade(`/link?token=${token}`)).toBe(101)
    expect(await upgrade('/link', own)).toBe(401)
    expect(await upgrade('/link?token=', own)).toBe(401)
    expect(await upgrade(`/link?token=${token}`, { Origin: 'http://attacker.example' })).toBe(403)
    expect(await upgrade(`/link?token=${token}`, { Origin: 'null' })).toBe(403)
    expect(await upgrade(`/link?token=${token}`, { Host: 'attacker.example' })).toBe(403)
    expect(await upgrade(`/other?token=${token}`, own)).toBe(404)
  })

  it('serves two windows at once and drops one that does not speak the protocol', async () => {
    const timers = {
      setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms),
      clearTimeout: () => undefined,
      random: Math.random,
    }
    const open = () =>
      createLink(
        () =>
          new Promise((resolve) => {
            const socket = new WebSocket(`ws://127.0.0.1:${port}/link?token=${token}`)
            socket.on('open', () => resolve(socketEndpoint(socket)))
          }),
        timers,
      )
    const windows = [open(), open()]
    const seen: string[] = []
    for (const window of windows) window.listen('run.removed', ({ id }) => seen.push(id))
    expect(await Promise.all(windows.map((window) => window.call('settings.get', null)))).toEqual([SETTINGS, SETTINGS])

    const stranger = new WebSocket(`ws://127.0.0.1:${port}/link?token=${token}`)
    stranger.on('open', () => stranger.send('hello'))
    expect(await new Promise((resolve) => stranger.on('close', resolve))).toBe(1003)

    lab.bus.emit('run.removed', { id: 'r-1234' })
    await Promise.all(windows.map((window) => window.call('settings.get', null)))
    expect(seen).toEqual(['r-1234', 'r-1234'])
    for (const window of windows) window.close()
  })

  it('refuses a port that is taken', async () => {
    await expect(serveWeb({ lab, port, rendererFolder: folder })).rejects.toMatchObject({
      code: 'serve.port',
      message: expect.stringContaining(`port ${port}: another program is using it`),
    })
  })
})
