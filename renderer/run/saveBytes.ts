/** Hands bytes to the browser as a file to save. */
export function saveBytes(name: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([bytes.slice()]))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  // The browser reads the address after the click has returned.
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
