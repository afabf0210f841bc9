import { contextBridge, ipcRenderer } from 'electron'
import type { Frame, LabBridge } from '../contract/wire.js'

// The names are in main/origin.ts too; a sandboxed preload script can import nothing at run time.
const FRAME_CHANNEL = 'workbench:frame'

const bridge: LabBridge = {
  send: (frame) => ipcRenderer.send(FRAME_CHANNEL, frame),
  // The event object stays here: it would hand the page more than the frame.
  onFrame: (listener) => void ipcRenderer.on(FRAME_CHANNEL, (_event, frame: Frame) => listener(frame)),
  chooseFile: (options) => ipcRenderer.invoke('workbench:chooseFile', options),
  revealFile: (path) => ipcRenderer.invoke('workbench:revealFile', path),
}

contextBridge.exposeInMainWorld('labBridge', bridge)
