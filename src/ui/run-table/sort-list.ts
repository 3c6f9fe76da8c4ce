import { splitList } from './column-list.ts'

/** One key of an order; missing values stand last in both directions. */
export interface SortKey {
  field: string
  direction: 'asc' | 'desc'
}

/** Reads `-metrics.loss.min,name`: descending by the first, ascending by the second. */
export function readSort(text: string): SortKey[] {
  const keys: SortKey[] = []
  for (const part of splitList(text)) {
    const isDown = part.startsWith('-')
    const field = isDown ? part.slice(1) : part
    if (field === '' || keys.some((one) => one.field === field)) continue
    keys.push({ field, direction: isDown ? 'desc' : 'asc' })
  }
  return keys
}

/** The order as one text; `readSort` of it gives the order again. */
export const writeSort = (keys: readonly SortKey[]): string =>
  keys.map(({ field, direction }) => (direction === 'desc' ? `-${field}` : field)).join(',')

/**
 * The next order after `field` was pressed: `first` direction, then the other, then none. With `isAdded` the other keys stay in front of
 * it, without it the order has no other.
 */
export function pressSort(
  keys: readonly SortKey[],
  field: string,
  isAdded: boolean,
  first: SortKey['direction'] = 'asc',
): readonly SortKey[] {
  const present = keys.find((one) => one.field === field)
  const next: SortKey | null = !present
    ? { field, direction: first }
    : present.direction === first
      ? { field, direction: first === 'asc' ? 'desc' : 'asc' }
      : null
  if (!isAdded) return next ? [next] : []
  if (!present) return next ? [...keys, next] : keys
  return keys.flatMap((one) => (one.field === field ? (next ? [next] : []) : [one]))
}
