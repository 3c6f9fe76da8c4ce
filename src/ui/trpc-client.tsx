'use client'
/** The browser's side of tRPC: the typed client, retries with growing pauses, and what a failed answer says. */
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { connection } from '#src/ui/connection/connection.ts'
import { mayAskAgain, mayHeal, retryDelayMs } from '#src/ui/trpc/ask-again.ts'
import { makeCall } from '#src/ui/trpc/call.ts'
import { CallError } from '#src/ui/trpc/call-error.ts'
import { proceduresOf } from '#src/ui/trpc/procedures.ts'

const procedures = proceduresOf(makeCall('/api/trpc'))

/** `const trpc = useTRPC(); useQuery(trpc.lineage.get.queryOptions({ workspace, project }))` */
export const useTRPC = () => procedures

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
  if (!(error instanceof CallError)) {
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
  if (!(error instanceof CallError)) return undefined
  const data: unknown = error.data
  return isRecord(data) && isRecord(data.problem) ? data.problem[name] : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: connection.answered,
      onError: (error) => {
        if (!mayHeal(error)) connection.answered()
        if (readFailure(error).kind === 'signed_out' && typeof window !== 'undefined')
          window.location.assign('/sign-in')
      },
    }),
    mutationCache: new MutationCache({
      onSuccess: connection.answered,
      onError: (error) => (mayHeal(error) ? connection.suspect() : connection.answered()),
    }),
    defaultOptions: {
      queries: {
        staleTime: 1_000,
        networkMode: 'always',
        refetchOnWindowFocus: true,
        retry: (failures, error) => mayAskAgain(failures, error, connection),
        retryDelay: retryDelayMs,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

/** Gives everything below it the query cache. */
export function TrpcProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient)
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
}
