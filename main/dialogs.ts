import type { Dialog, IpcMain, IpcMainInvokeEvent, Shell } from 'electron'
import { z } from 'zod'
import { CHOOSE_FILE_CHANNEL, isOwnPage, REVEAL_FILE_CHANNEL } from './origin.js'

const chooseOptions = z.strictObject({
  title: z.string().max(200),
  extensions: z.array(z.string().regex(/^[a-z0-9.]{1,12}$/i)).max(20),
  folder: z.boolean(),
})

function refuseStrangers(event: IpcMainInvokeEvent): void {
  if (!isOwnPage(event.senderFrame?.url)) throw new Error('rejected: the page is not part of the workbench')
}

/**
 * The two things that only the system can do: choose a file, and show one in its folder.
 *
 * @param ipc - Electron's ipcMain
 */
export function handleDialogs(
  ipc: Pick<IpcMain, 'handle'>,
  dialog: Pick<Dialog, 'showOpenDialog'>,
  shell: Pick<Shell, 'showItemInFolder'>,
): void {
  ipc.handle(CHOOSE_FILE_CHANNEL, async (event, input: unknown) => {
    refuseStrangers(event)
    const { title, extensions, folder } = chooseOptions.parse(input)
    const result = await dialog.showOpenDialog({
      title,
      properties: [folder ? 'openDirectory' : 'openFile'],
      filters:
        extensions.length === 0
          ? []
          : [
              { name: title, extensions },
              { name: 'All files', extensions: ['*'] },
            ],
    })
    return result.canceled ? null : (result.filePaths[0] ?? null)
  })
  ipc.handle(REVEAL_FILE_CHANNEL, (event, path: unknown) => {
    refuseStrangers(event)
    shell.showItemInFolder(z.string().min(1).max(4096).parse(path))
  })
}
