/** Files that are open at once: few beside the 1024 handles of many systems, enough to keep a disk busy. */
export const OPEN_FILES = 32

/**
 * Calls a function with every item, a limited number at a time: thousands of files would use up all handles of the process.
 *
 * @returns the results in the order of the items
 * @throws the first error; what was begun is then still finished, and nothing more is begun
 */
export async function mapEach<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
  width: number = OPEN_FILES,
): Promise<Result[]> {
  const results = new Array<Result>(items.length)
  let next = 0
  let failed = false
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next++
      try {
        results[index] = await work(items[index] as Item, index)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}
