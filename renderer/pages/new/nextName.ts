/**
 * A name that nothing has yet: `delta=0.1` becomes `delta=0.1 (2)`, and that `delta=0.1 (3)`.
 *
 * @param taken - names in use
 */
export function nextName(name: string, taken: readonly string[]): string {
  const stem = name.replace(/ \(\d+\)$/, '')
  const used = new Set(taken)
  let number = 2
  while (used.has(`${stem} (${number})`)) number++
  return `${stem} (${number})`
}
