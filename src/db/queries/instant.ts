/** PostgreSQL's text of a `timestamptz` (the session is in UTC) as RFC 3339 with milliseconds. */
export const instantOf = (text: string): string => new Date(text).toISOString()

/** As `instantOf`, null kept. */
export const instantOrNull = (text: string | null): string | null => (text === null ? null : instantOf(text))

/** PostgreSQL's text of a `timestamptz` in milliseconds since 1970. */
export const millisOf = (text: string): number => new Date(text).getTime()
