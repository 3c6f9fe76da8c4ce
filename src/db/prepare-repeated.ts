/** Times that a text must have been seen before it is prepared. */
const SEEN_BEFORE = 2
/** Texts prepared at most: each costs the server some ten kilobytes on every connection that runs it. */
const TEXTS_MAX = 300
/** Texts counted at once; past that counting begins anew. */
const COUNTED_MAX = 5_000

type Unsafe = (text: string, values?: unknown[], options?: object) => unknown
type Begin = (...args: unknown[]) => unknown
type Work = (handle: object) => unknown

/**
 * A client for drizzle that prepares statements which repeat. Drizzle asks for none to be prepared; the driver then makes two trips for
 * each (parse and describe, wait, bind and execute), and the database parses and plans it anew. From its third time on a text is
 * prepared on the connection that runs it: one trip, parsed once. Texts beyond `textsMax` run as before.
 */
export function prepareRepeated<Client extends object>(client: Client, textsMax = TEXTS_MAX): Client {
  const seen = new Map<string, number>()
  let prepared = 0
  const mayPrepare = (text: string): boolean => {
    const times = seen.get(text) ?? 0
    if (times > SEEN_BEFORE) return true
    if (times === SEEN_BEFORE && prepared >= textsMax) return false
    if (times === SEEN_BEFORE) prepared++
    if (times === 0 && seen.size >= COUNTED_MAX)
      for (const [other, count] of seen) if (count <= SEEN_BEFORE) seen.delete(other)
    seen.set(text, times + 1)
    return times === SEEN_BEFORE
  }
  const wrapped = <Handle extends object>(inner: Handle): Handle =>
    new Proxy(inner, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (key === 'unsafe')
          return (text: string, values: unknown[] = [], options: object = {}) =>
            (value as Unsafe)(text, values, { ...options, prepare: values.length > 0 && mayPrepare(text) })
        if (key === 'begin' || key === 'savepoint')
          return (...args: unknown[]) => {
            const work = args.at(-1) as Work
            return (value as Begin)(...args.slice(0, -1), (handle: object) => work(wrapped(handle)))
          }
        return value
      },
    })
  return wrapped(client)
}
