import { createParser } from 'nuqs'

/** A part of the time in an address: `120-4800`, in seconds since the first held moment; anything else is no part. */
export const parseAsPart = createParser({
  parse: (word: string): { from: number; to: number } | null => {
    const found = /^(\d{1,10})-(\d{1,10})$/.exec(word)
    const [from, to] = [Number(found?.[1]), Number(found?.[2])]
    return found && to > from ? { from, to } : null
  },
  serialize: ({ from, to }: { from: number; to: number }): string => `${from}-${to}`,
  eq: (a, b) => a.from === b.from && a.to === b.to,
})
