import { expect, test } from '@playwright/test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startHost, temporaryHome, type TestHost } from './host.js'

const { home, remove } = temporaryHome()
let host: TestHost
test.beforeAll(async () => {
  host = await startHost(home)
})
test.afterAll(async () => {
  await host.kill()
  remove()
})

test('without its token the address gives a page that asks for it, and nothing of the archive', async ({
  page,
  request,
}) => {
  const { origin, searchParams } = new URL(host.url)
  const answer = await request.get(origin)
  expect(answer.status()).toBe(403)
  expect(await answer.text()).not.toContain(searchParams.get('token') ?? 'no token')
  await page.goto(origin)
  await expect(page.getByText('This page needs the address of the workbench.')).toBeVisible()
  const field = page.getByLabel('Address of the workbench')
  await field.fill('https://example.org/')
  await page.getByRole('button', { name: 'Connect' }).click()
  await expect(page.getByText('This is not a workbench address.')).toBeVisible()
  await field.fill(host.url)
  await page.getByRole('button', { name: 'Connect' }).click()
  await expect(page.getByText('This page needs the address of the workbench.')).toBeHidden()
})

test('a reload and a bookmark work, also after the workbench was started again', async ({ page }) => {
  await page.goto(host.url)
  expect(page.url()).not.toContain('token')
  await page.goto(`${new URL(host.url).origin}/#/settings`)
  await page.reload()
  await expect(page.getByText('This page needs the address of the workbench.')).toBeHidden()
  const { port } = new URL(host.url)
  await host.kill()
  await expect(page.getByText('The connection to the workbench was lost')).toBeVisible()
  host = await startHost(home, Number(port))
  await expect(page.getByText('The connection to the workbench was lost')).toBeHidden()
  expect(new URL(host.url).port).toBe(port)
})

test('another port of this machine gets neither cookie nor token', async ({ page }) => {
  const heard: string[] = []
  const other = createServer((request, response) => {
    heard.push(JSON.stringify([request.url, request.headers]))
    response.end('<!doctype html><title>other</title>')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  try {
    const token = new URL(host.url).searchParams.get('token') ?? ''
    await page.goto(host.url)
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`)
    expect(heard.length).toBeGreaterThan(0)
    expect(heard.join()).not.toContain(token)
    expect(heard.join()).not.toContain('cookie')
    expect(
      await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])),
    ).not.toContain(token)
  } finally {
    other.close()
  }
})
