'use client'
import { useQuery } from '@tanstack/react-query'
import type { ViewPage } from '#src/core/views/views.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'

/** Views that others saved meanwhile are seen this late, ms. */
const STALE_MS = 10_000

/** The saved views of a page, and how the person left it. */
export function useViews(place: { workspace: string; project: string }, page: ViewPage) {
  const trpc = useTRPC()
  return useQuery(trpc.views.list.queryOptions({ ...place, page }, { staleTime: STALE_MS }))
}
