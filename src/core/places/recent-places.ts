/** Pages that somebody looked at, the newest first. Pure. */

export interface Place {
  /** Path without a question: the same page with another view is the same place. */
  href: string
  /** "task_replay", as the breadcrumbs name it. */
  word: string
  /** What leads there: "descent-0.9M, Runs". */
  within: string
}

export const PLACES_MAX = 12

/** The list after a page was looked at; its newest name counts. */
export const withPlace = (places: readonly Place[], place: Place): Place[] =>
  [place, ...places.filter(({ href }) => href !== place.href)].slice(0, PLACES_MAX)

/** Reads what was kept; what is not a list of places is none. */
export function readPlaces(text: string | null): Place[] {
  if (text === null) return []
  try {
    const kept: unknown = JSON.parse(text)
    return Array.isArray(kept) ? kept.filter(isPlace).slice(0, PLACES_MAX) : []
  } catch {
    return []
  }
}

const isPlace = (value: unknown): value is Place => {
  if (typeof value !== 'object' || value === null) return false
  const { href, word, within } = value as Record<string, unknown>
  // Kept text is not trusted to lead anywhere but into the product.
  return typeof href === 'string' && /^\/(?!\/)/.test(href) && typeof word === 'string' && typeof within === 'string'
}
