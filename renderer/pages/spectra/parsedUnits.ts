/** Numbers of units as a person lists them, rising and each once; what is no whole number above 0 is left out. */
export function parsedUnits(text: string): number[] {
  return [
    ...new Set(
      text
        .split(/[\s,;]+/)
        .map(Number)
        .filter((units) => Number.isInteger(units) && units >= 1 && units <= 100_000),
    ),
  ]
    .sort((a, b) => a - b)
    .slice(0, 63)
}
