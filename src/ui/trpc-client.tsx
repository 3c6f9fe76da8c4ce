'use client'
/** The browser's side of tRPC: the typed client, retries with growing pauses, and what a failed answer says. */
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpLink, splitLink, TRPCClientError } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import { type ReactNode, useState } from 'react'
import type { AppRouter } from '#src/api/trpc/root.ts'
import { reportAnswer, reportLost } from '#src/ui/connection.ts'

const context = createTRPCContext<AppRouter>()

/** `const trpc = useTRPC(); useQuery(trpc.lineage.get.queryOptions({ workspace, project }))` */
export const useTRPC = context.useTRPC

/** How often a screen asks again, in ms: quick while something runs. Paused by itself while the tab is hidden. */
export const POLL_LIVE_MS = 2_500
export const POLL_IDLE_MS = 15_000

/** What went wrong with a request, ready to be shown. */
export interface Failure {
  kind: 'not_found' | 'signed_out' | 'refused' | 'no_answer' | 'broken'
  sentence: string
  requestId: string | null
  /** The input field that the server named, if any. */
  field: string | null
}

/** Reads any error of a query or mutation; never throws. */
export function readFailure(error: unknown): Failure {
  if (!(error instanceof TRPCClientError)) {
    return {
      kind: 'broken',
      sentence: error instanceof Error ? error.message : String(error),
      requestId: null,
      field: null,
    }
  }
  const data: unknown = error.data
  if (!isRecord(data)) {
    return { kind: 'no_answer', sentence: 'The server did not answer.', requestId: null, field: null }
  }
  const problem = isRecord(data.problem) ? data.problem : {}
  const first = Array.isArray(problem.errors) && isRecord(problem.errors[0]) ? problem.errors[0] : {}
  const failure = {
    sentence: text(first.message) ?? text(problem.detail) ?? error.message,
    requestId: text(problem.instance)?.split(':').at(-1) ?? null,
    field: text(first.pointer)?.split('/').at(-1) ?? text(problem.field) ?? null,
  }
  if (data.code === 'NOT_FOUND') return { kind: 'not_found', ...failure }
  if (data.code === 'UNAUTHORIZED') return { kind: 'signed_out', ...failure }
  const status = typeof data.httpStatus === 'number' ? data.httpStatus : 500
  return { kind: status >= 500 ? 'broken' : 'refused', ...failure }
}

/** A member of the problem that the server answered with, such as `current` or `left_out`; undefined for any other error. */
export function problemMember(error: unknown, name: string): unknown {
  if (!(error instanceof TRPCClientError)) return undefined
  const data: unknown = error.data
  return isRecord(data) && isRecord(data.problem) ? data.problem[name] : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** True when asking again may help by itself: no answer at all, or a server that is not ready. */
const mayHeal = (error: unknown): boolean => {
  if (!(error instanceof TRPCClientError)) return false
  const data: unknown = error.data
  if (!isRecord(data)) return true
  return data.httpStatus === 503 || data.httpStatus === 502 || data.httpStatus === 504
}

const RETRY_MS_MAX = 15_000
/** Characters of an address. A question longer than this goes as a body, in a request of its own. */
const ADDRESS_MAX = 4_000
const isLong = (input: unknown): boolean => encodeURIComponent(JSON.stringify(input ?? null)).length > ADDRESS_MAX - 200

function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: () => reportAnswer(),
      onError: (error) => {
        if (!mayHeal(error)) reportAnswer()
        if (readFailure(error).kind === 'signed_out' && typeof window !== 'undefined')
          window.location.assign('/sign-in')
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 1_000,
        networkMode: 'always',
        refetchOnWindowFocus: true,
        retry: (_failures, error) => mayHeal(error),
        retryDelay: (failures) => {
          const delay = Math.min(RETRY_MS_MAX, 1_000 * 2 ** failures)
          reportLost(Date.now() + delay)
          return delay
        },
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

/** Gives everything below it the query cache and the typed client. */
export function TrpcProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient)
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: ({ type, input }) => type === 'query' && isLong(input),
          true: httpLink({ url: '/api/trpc', methodOverride: 'POST' }),
          false: httpBatchLink({ url: '/api/trpc', maxURLLength: ADDRESS_MAX, maxItems: 10 }),
        }),
      ],
    }),
  )
  return (
    <QueryClientProvider client={queryClient}>
      <context.TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </context.TRPCProvider>
    </QueryClientProvider>
  )
}
