import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { Log } from '../../lab/log/log.js'
import { handleCrashes, type CrashHandling } from '../../main/crashes.js'

interface Shell {
  app: EventEmitter
  source: EventEmitter
  lines: string[]
  shown: string[]
  page: { reloads: number; isDestroyed(): boolean; reload(): void }
  clock: { ms: number }
}

function shell(): Shell {
  const [app, source] = [new EventEmitter(), new EventEmitter()]
  const [lines, shown]: [string[], string[]] = [[], []]
  const clock = { ms: 0 }
  const log: Log = {
    folder: '/logs',
    path: '/logs/workbench.log',
    errors: 0,
    write: (level, topic, text) => void lines.push(`${level} ${topic}: ${text}`),
    close: async () => undefined,
  }
  const dialog = {
    showMessageBox: async ({ message }: { message: string }) => {
      shown.push(message)
      return { response: 0, checkboxChecked: false }
    },
  } as CrashHandling['dialog']
  handleCrashes({ app: app as unknown as CrashHandling['app'], dialog, log, source, now: () => clock.ms })
  const page = {
    reloads: 0,
    isDestroyed: () => false,
    reload() {
      this.reloads += 1
    },
  }
  return { app, source, lines, shown, page, clock }
}

describe('crashes of the desktop program', () => {
  it('of the main process are logged and shown, and it goes on', () => {
    const { source, lines, shown } = shell()
    source.emit('uncaughtException', new Error('broken'))
    source.emit('unhandledRejection', new Error('refused'))
    expect(lines.join('\n')).toMatch(
      /error uncaughtException: Error: broken[^]*error unhandledRejection: Error: refused/,
    )
    expect(shown).toHaveLength(2)
  })

  it('of a page are logged and shown, and it is loaded again, but not for ever', () => {
    const { app, lines, shown, page, clock } = shell()
    const lose = (reason: string): unknown => app.emit('render-process-gone', {}, page, { reason, exitCode: 139 })
    for (let time = 0; time < 5; time++) lose('crashed')
    expect(page.reloads).toBe(3)
    expect(lines).toHaveLength(5)
    expect(shown.at(-1)).toContain('Running jobs continue')
    clock.ms = 60_001
    lose('oom')
    expect(page.reloads).toBe(4)
    lose('clean-exit')
    expect(page.reloads).toBe(4)
    expect(lines).toHaveLength(6)
  })

  it('of a child process are logged and shown', () => {
    const { app, lines, shown } = shell()
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 1, name: 'GPU' })
    app.emit('child-process-gone', {}, { type: 'Utility', reason: 'clean-exit', exitCode: 0 })
    expect(lines).toEqual(['error child-process-gone: GPU GPU: crashed, exit code 1'])
    expect(shown).toHaveLength(1)
  })
})
