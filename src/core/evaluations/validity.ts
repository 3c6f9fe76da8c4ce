/** Facts that went out of date: a benchmark or an item may say until which day its answers hold. */

/** The label of items that tells the last day on which their answer holds, as YYYY-MM-DD. */
export const VALID_UNTIL_LABEL = 'valid_until'

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

/** True for a day of the calendar, as YYYY-MM-DD. */
export const isDay = (text: string): boolean =>
  DAY.test(text) && new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) === text

/**
 * True when the last day on which the answers hold has passed.
 *
 * @param validUntil YYYY-MM-DD; null or undefined: nobody said, and nothing is out of date
 * @param today YYYY-MM-DD in UTC
 */
export const isStale = (validUntil: string | null | undefined, today: string): boolean =>
  validUntil !== null && validUntil !== undefined && validUntil < today

/** Of labelled items, how many tell a day and how many of those have passed; each item once. */
export function countStale(
  items: readonly { id: string; tags: Readonly<Record<string, string>> }[],
  today: string,
): { dated: number; stale: number } {
  const days = new Map(
    items.flatMap(({ id, tags }) => {
      const day = tags[VALID_UNTIL_LABEL]
      return day !== undefined && isDay(day) ? [[id, day] as const] : []
    }),
  )
  return { dated: days.size, stale: [...days.values()].filter((day) => isStale(day, today)).length }
}
