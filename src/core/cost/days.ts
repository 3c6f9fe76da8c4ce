/** Days, as YYYY-MM-DD in UTC: prices and rates hold by the day. */

/**
 * The day itself.
 *
 * @throws RangeError when it is no day of the calendar in the form YYYY-MM-DD
 */
export function checkedDay(day: string, name: string): string {
  const at = new Date(`${day}T00:00:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(at.getTime()) || dayOf(at.getTime()) !== day)
    throw new RangeError(`${name} must be a day such as 2026-11-09, got ${JSON.stringify(day)}`)
  return day
}

/** The day (UTC) of a time in ms. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** When a day begins (UTC), in ms. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`)
