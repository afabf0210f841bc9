import { afterEach, beforeEach } from 'vitest'
import type { Lab } from '../../../lab/lab.js'
import { openTestLab, temporaryHome } from './harness.js'

/** The lab and the home of the test that runs; both change with every test. */
export let lab: Lab
export let home: Awaited<ReturnType<typeof temporaryHome>>

/** Gives every test of a file a lab of its own in a home of its own, and closes and removes both after it. */
export function labForEachTest(options: Parameters<typeof openTestLab>[1] = {}): void {
  beforeEach(async () => {
    home = await temporaryHome()
    lab = await openTestLab(home.folder, options)
  })
  afterEach(async () => {
    await lab.close()
    await home.remove()
  })
}

/** Opens the lab of this test again in the same home, with its usual parts, as after a restart; the old one was closed or has died. */
export async function openAgain(options: Parameters<typeof openTestLab>[1] = {}): Promise<void> {
  lab = await openTestLab(home.folder, options)
}
