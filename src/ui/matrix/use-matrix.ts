'use client'
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { MATRIX_BASELINES } from '#src/core/evaluations/matrix-kinds.ts'
import type { Matrix, MatrixQuery } from '#src/protocol/matrix.ts'
import { useRefreshOnNews } from '#src/ui/live/use-refresh-on-news.ts'
import { POLL_IDLE_MS, POLL_LIVE_MS, useTRPC } from '#src/ui/trpc-client.tsx'
import { type MatrixModel, matrixModel } from './matrix-model.ts'

/** Columns asked for at once: as many as a wide screen shows twice, so that the first answer paints it. */
const PAGE = 16

/** Once nothing moves for so long, the columns in sight are asked for against the other baselines too: switching then only paints. */
const CALM_MS = 400
/** How long an answer that was asked for ahead counts as new; once shown it is asked for again as any other. */
const AHEAD_MS = 60_000

/** A query as a page sends it: the words of an address, without the page of columns. */
export type MatrixAsked = Partial<Pick<MatrixQuery, 'set' | 'leaf' | 'siblings' | 'baseline'>> & {
  /** Ids with commas between. */
  checkpoints?: string
  slices?: 'true'
}

/**
 * The matrix, page by page: the columns in sight first, then all others at once, so that order and sentence speak of the whole and
 * a dozen answers do not draw the page a dozen times. What was shown stays until the visible columns of a new baseline are there.
 *
 * @param visible the first column in sight
 */
export function useMatrix(place: { workspace: string; project: string }, asked: MatrixAsked, visible: number) {
  const trpc = useTRPC()
  const from = Math.floor(visible / PAGE) * PAGE
  const options = (at: number, baseline = asked.baseline, staleTime = POLL_LIVE_MS) =>
    trpc.evaluations.matrix.queryOptions(
      { ...place, ...asked, ...(baseline !== undefined && { baseline }), from: at, count: PAGE },
      { staleTime },
    )
  const seen = useQuery({ ...options(from), refetchInterval: POLL_IDLE_MS, placeholderData: (old) => old })
  const isNew = seen.data !== undefined && !seen.isPlaceholderData
  const total = isNew ? seen.data.total : 0
  const starts = Array.from({ length: Math.ceil(total / PAGE) }, (_, i) => i * PAGE).filter((at) => at !== from)
  const rest = useQueries({ queries: starts.map((at) => ({ ...options(at), enabled: isNew })) })
  const isWhole = isNew && rest.every((page) => page.data !== undefined)
  const pages: (Matrix | undefined)[] = [
    seen.data,
    ...(isNew ? rest.filter((_, i) => isWhole || starts[i] === from + PAGE).map((page) => page.data) : []),
  ]
  const model = useStable(pages)
  const client = useQueryClient()
  const ahead = baselinesAhead(pages, asked)
  const askAhead = useEffectEvent((at: number) => {
    for (const baseline of ahead) void client.prefetchQuery(options(at, baseline, AHEAD_MS))
  })
  const isReady = isWhole && ahead.length > 0
  useEffect(() => {
    if (!isReady) return
    const calm = setTimeout(() => askAhead(from), CALM_MS)
    return () => clearTimeout(calm)
  }, [isReady, from])
  useRefreshOnNews({ ...place, runs: 'all', what: ['state'], enabled: true, everyMs: POLL_LIVE_MS }, () =>
    seen.refetch({ cancelRefetch: false }),
  )
  return { query: seen, model, isWhole }
}

/**
 * The baselines that one click leads to: the three kinds, and the checkpoint that "chosen" begins with. None where slices are asked
 * for, which take long.
 */
export function baselinesAhead(pages: readonly (Matrix | undefined)[], { baseline, slices }: MatrixAsked): string[] {
  if (slices) return []
  const chosen = pages.find((page) => page?.measured)?.measured?.[0]?.checkpoint.id
  return [...MATRIX_BASELINES, ...(chosen === undefined ? [] : [chosen])].filter((kind) => kind !== baseline)
}

/** The model of pages, made anew only when one of them has changed. A single page of another view keeps the old model until its own comes. */
function useStable(pages: readonly (Matrix | undefined)[]): MatrixModel | null {
  const known = useRef<readonly (Matrix | undefined)[]>([])
  const isSame = known.current.length === pages.length && pages.every((page, i) => page === known.current[i])
  if (!isSame) known.current = pages
  const stable = known.current
  return useMemo(() => matrixModel(stable), [stable])
}
