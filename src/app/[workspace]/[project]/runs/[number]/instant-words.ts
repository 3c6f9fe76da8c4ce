const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** Local clock time, with the day before it unless that is today: "14:06:37", "3 Nov 2026 14:06:37". */
export function instantWords(at: string, now = new Date()): string {
  const instant = new Date(at)
  const time = clock.format(instant)
  return day.format(instant) === day.format(now) ? time : `${day.format(instant)} ${time}`
}
