import type { PriceBook } from '#src/protocol/prices.ts'

export type BookPrice = PriceBook['prices'][number]

/** What the book holds, in a sentence: how many prices are in use, whose, and how many are assumed. */
export function bookSentence({ prices }: Pick<PriceBook, 'prices'>): string {
  const used = prices.filter((price) => price.in_use)
  const own = used.filter(({ origin }) => origin === 'workspace').length
  const assumed = used.filter((price) => price.assumed).length
  const parts = [
    `${used.length} ${used.length === 1 ? 'price' : 'prices'} per device-hour in use`,
    own === 0 ? 'none of your own' : `${own} of your own`,
    ...(assumed > 0 ? [`${assumed} assumed`] : []),
  ]
  return `${parts.join(', ')}.`
}

/** Where and how a price holds: provider, region, commitment; "anywhere" when it tells none. */
export const whereWords = ({ provider, region, commitment }: BookPrice): string =>
  [provider, region, commitment].filter((word) => word !== null).join(' · ') || 'anywhere'

/** The days on which a price holds. */
export function validWords({ valid_from: from, valid_to: to }: BookPrice): string {
  if (from && to) return `${from} up to ${to}`
  if (from) return `from ${from}`
  return to ? `up to ${to}` : 'any day'
}

/** What a price is to the totals of today. */
export function standingWords({ in_use, valid_from, valid_to }: BookPrice, today: string): string {
  if (in_use) return 'in use'
  if (valid_to !== null && valid_to <= today) return 'ended'
  return valid_from !== null && valid_from > today ? 'to come' : 'replaced'
}

/** A price per device-hour with two places at least, so that a column of them lines up. */
export const priceWords = (amount: string): string => {
  const [whole, places = ''] = amount.split('.')
  return `${whole}.${places.padEnd(2, '0')}`
}
