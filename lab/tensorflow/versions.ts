/** Versions of Python packages as far as releases need: numbers with dots; pre-releases have letters and are never taken. */

/** Orders two releases. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

export const isRelease = (version: string): boolean => /^\d+(\.\d+)*$/.test(version)

const HOLDS: Record<string, (order: number) => boolean> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>=': (order) => order >= 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '<': (order) => order < 0,
}

/** Whether a release is inside a range such as `<13.0,>=12.5.3.2`. */
export function isInside(version: string, range: string): boolean {
  return range
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .every((part) => {
      const match = /^(==|!=|>=|<=|>|<)\s*([\d.]+)$/.exec(part)
      return match !== null && HOLDS[match[1] ?? '']?.(compareReleases(version, match[2] ?? '')) === true
    })
}

/** A package and the range of releases that will do: `nvidia-cublas-cu12<13.0,>=12.5.3.2`. */
export interface Requirement {
  project: string
  range: string
}

/** The libraries of CUDA that a wheel names for its graphics build, from its lines `Requires-Dist`. */
export function cudaRequirements(lines: readonly string[]): Requirement[] {
  return lines.flatMap((line) => {
    const match = /^(nvidia-[\w.-]+?)\s*\(?([<>=!][^;)]*)\)?\s*;.*extra\s*==\s*["']and-cuda["']/.exec(line)
    return match === null ? [] : [{ project: match[1] ?? '', range: (match[2] ?? '').trim() }]
  })
}
