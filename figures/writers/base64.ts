const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Bytes as base64; the figures know neither Node's Buffer nor the browser's btoa. */
export function base64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let index = 0; index < bytes.length; index += 3) {
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    const digits = [18, 12, 6, 0].map((shift) => DIGITS[(group >> shift) & 63] ?? '')
    parts.push(
      digits
        .slice(0, 1 + Math.min(3, bytes.length - index))
        .join('')
        .padEnd(4, '='),
    )
  }
  return parts.join('')
}
