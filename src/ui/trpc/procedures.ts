/** The procedures of the server as options of queries and mutations, typed by its router. */
import type { TRPCOptionsProxy } from '@trpc/tanstack-react-query'
import type { AppRouter } from '#src/api/trpc/root.ts'
import type { Call } from './call.ts'

/** What the end of a path makes of it, for the part before. */
type Make = (path: readonly string[], call: Call) => (input?: unknown, options?: object) => unknown

const keyOf = (path: readonly string[], input: unknown) => [
  path,
  { ...(input !== undefined && { input }), type: 'query' },
]

const MAKES: Readonly<Record<string, Make>> = {
  queryKey: (path) => (input) => keyOf(path, input),
  queryFilter: (path) => (input, filter) => ({ ...filter, queryKey: keyOf(path, input) }),
  pathFilter: (path) => (filter) => ({ ...(filter as object), queryKey: path.length > 0 ? [path] : [] }),
  queryOptions: (path, call) => (input, options) => ({
    ...options,
    queryKey: keyOf(path, input),
    queryFn: () => call('query', path.join('.'), input),
  }),
  mutationOptions: (path, call) => (options) => ({
    ...(options as object),
    mutationKey: [path],
    mutationFn: (input: unknown) => call('mutation', path.join('.'), input),
  }),
}

/** What pages use of tRPC's own proxy, with the same keys. */
export function proceduresOf(call: Call): TRPCOptionsProxy<AppRouter> {
  return at([], call) as TRPCOptionsProxy<AppRouter>
}

function at(path: readonly string[], call: Call): unknown {
  const made = new Map<string, unknown>()
  return new Proxy(Object.freeze({}), {
    get(_, name) {
      if (typeof name !== 'string') return undefined
      if (!made.has(name)) made.set(name, MAKES[name]?.(path, call) ?? at([...path, name], call))
      return made.get(name)
    },
  })
}
