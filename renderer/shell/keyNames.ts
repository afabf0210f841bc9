/** Whether keys are named as on a Mac. */
export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform)

const MAC_NAMES: Readonly<Record<string, string>> = {
  Ctrl: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Enter: '↩',
  Delete: '⌫',
  Esc: 'esc',
  Space: 'space',
}

/** The keys of a shortcut as this machine's keyboard names them. */
export const keyNames = (keys: string, mac = isMac()): string[] =>
  keys.split(' ').map((key) => (mac ? (MAC_NAMES[key] ?? key) : key))

/** The same in one text, for tooltips. */
export const keyText = (keys: string): string => keyNames(keys).join(isMac() ? '' : ' ')
