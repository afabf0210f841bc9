import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, hostOfFile, test } from './fixture.js'

const files = fileURLToPath(new URL('../lab/formats/files/', import.meta.url))
const host = hostOfFile()

test('a model of PyTorch is chosen, another dropped, one with code refused, and one exported again', async ({
  page,
}) => {
  await page.goto(`${host.url}#/models`)
  await expect(page.getByText('No models yet.')).toBeVisible()

  await page.setInputFiles('input[type=file]', `${files}khmodel.2.15.pty`)
  await expect(page.getByRole('heading', { name: 'khmodel.2.15' })).toBeVisible()
  await expect(page.getByRole('row', { name: /weights 12 × 27/ })).toBeVisible()

  const transfer = await page.evaluateHandle(
    (bytes) => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(bytes)], 'dropped.pty'))
      return data
    },
    [...readFileSync(`${files}shlp_norm.legacy.pty`)],
  )
  await page.dispatchEvent('.page', 'drop', { dataTransfer: transfer })
  await expect(page.getByRole('heading', { name: 'dropped' })).toBeVisible()
  await expect(page.getByRole('row', { name: /variance 12/ })).toBeVisible()

  await page.setInputFiles('input[type=file]', {
    name: 'bad.pty',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('not a model at all'),
  })
  await expect(page.getByRole('alert')).toContainText('expected a PyTorch file written by torch.save')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('dropped.pty')
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('button', { name: 'Press again to remove' }).click()
  await expect(page.getByRole('link', { name: /dropped/ })).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'khmodel.2.15' })).toBeVisible()
})
