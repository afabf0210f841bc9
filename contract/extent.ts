/**
 * Smallest and largest of any number of values, NaN left out; spreading a long list into `Math.max` overflows the stack.
 *
 * @returns `[Infinity, -Infinity]` when there are none
 */
export function extentOf(values: Iterable<number>): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

/** Smallest of any number of values, NaN left out; Infinity when there are none. */
export const smallestOf = (values: Iterable<number>): number => extentOf(values)[0]

/** Largest of any number of values, NaN left out; -Infinity when there are none. */
export const largestOf = (values: Iterable<number>): number => extentOf(values)[1]
