/** A result as JSON text: typed arrays become lists, NaN becomes null. */
export const plainJson = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, inner: unknown) => (ArrayBuffer.isView(inner) ? Array.from(inner as unknown as ArrayLike<number>) : inner),
    1,
  )
