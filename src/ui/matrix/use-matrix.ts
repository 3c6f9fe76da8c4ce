'use client'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import type { Matrix, MatrixQuery } from '#src/protocol/matrix.ts'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { POLL_IDLE_MS, POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { type MatrixModel, matrixModel } from './matrix-model.ts'

/** Columns asked for at once: as many as a wide screen shows twice, so that the first answer paints it. */
const PAGE = 16

/** A query as a page sends it: the words of an address, without the page of columns. */
export type MatrixAsked = Partial<Pick<MatrixQuery, 'set' | 'leaf' | 'siblings' | 'baseline'>> & {
  /** Ids with commas between. */
  checkpoints?: string
  slices?: 'true'
}

/**
 * The matrix, page by page: the columns in sight first, then all others, so that order and sentence speak of the whole. What was
 * shown stays until the visible columns of a new baseline are there.
 *
 * @param visible the first column in sight
 */
export function useMatrix(place: { workspace: string; project: string }, asked: MatrixAsked, visible: number) {
  const trpc = useTRPC()
  const from = Math.floor(visible / PAGE) * PAGE
  const options = (at: number) =>
    trpc.evaluations.matrix.queryOptions({ ...place, ...asked, from: at, count: PAGE }, { staleTime: POLL_LIVE_MS })
  const seen = useQuery({ ...options(from), refetchInterval: POLL_IDLE_MS, placeholderData: (old) => old })
  const isNew = seen.data !== undefined && !seen.isPlaceholderData
  const total = isNew ? seen.data.total : 0
  const starts = Array.from({ length: Math.ceil(total / PAGE) }, (_, i) => i * PAGE).filter((at) => at !== from)
  const rest = useQueries({ queries: starts.map((at) => ({ ...options(at), enabled: isNew })) })
  const pages: (Matrix | undefined)[] = [seen.data, ...(isNew ? rest.map((page) => page.data) : [])]
  const model = useStable(pages)
  useRefreshOnNews({ ...place, runs: 'all', what: ['state'], enabled: true, everyMs: POLL_LIVE_MS }, () =>
    seen.refetch({ cancelRefetch: false }),
  )
  return { query: seen, model, isWhole: isNew && rest.every((page) => page.data !== undefined) }
}

/** The model of pages, made anew only when one of them has changed. A single page of another view keeps the old model until its own comes. */
function useStable(pages: readonly (Matrix | undefined)[]): MatrixModel | null {
  const known = useRef<readonly (Matrix | undefined)[]>([])
  const isSame = known.current.length === pages.length && pages.every((page, i) => page === known.current[i])
  if (!isSame) known.current = pages
  const stable = known.current
  return useMemo(() => matrixModel(stable), [stable])
}
