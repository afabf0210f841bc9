import type { LabContext, SomeHandlers } from '../context.js'

/** Colours and dashes of runs and models, given once for all pages, windows and figures. */
export function lookHandlers({ bus, looks: book }: LabContext): SomeHandlers<'look.assign'> {
  return {
    'look.assign': async ({ things }) => {
      const { looks, given } = await book.assign(things)
      if (Object.keys(given).length > 0) bus.emit('look.changed', { looks: given })
      return looks
    },
  }
}
