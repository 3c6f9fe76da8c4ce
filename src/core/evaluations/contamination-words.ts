/** Sentences about items that training data holds too. */

/** Items that a sentence names. */
const NAMED_MAX = 5

/** The warning, with the first items by name; null for none. */
export function contaminationWarning(
  itemIds: readonly string[],
  of: number,
  datasets: readonly string[],
): string | null {
  if (itemIds.length === 0) return null
  const named = itemIds.slice(0, NAMED_MAX).join(', ')
  const more = itemIds.length > NAMED_MAX ? ` and ${itemIds.length - NAMED_MAX} more` : ''
  const one = itemIds.length === 1
  return `${itemIds.length} of ${of} items ${one ? 'is' : 'are'} also in the training data (${datasets.join(', ')}): ${named}${more}. The score may show memory, not ability.`
}

/** What could not be compared; null when everything could. */
export function uncomparedWords(of: {
  items: number
  n: number
  datasets: number
  unreported: readonly string[]
}): string | null {
  if (of.n === 0) return 'The evaluation came without items; nothing can be compared.'
  if (of.items === 0) return 'No item has a prompt or a hash; nothing can be compared.'
  if (of.datasets === 0) return 'No stage above names its data sets; nothing can be compared.'
  const parts: string[] = []
  if (of.unreported.length > 0) parts.push(`No hashes were reported of ${of.unreported.join(', ')}.`)
  if (of.items < of.n) parts.push(`${of.n - of.items} of ${of.n} items have neither prompt nor hash.`)
  return parts.join(' ') || null
}
