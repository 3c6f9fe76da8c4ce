'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { VIEW_STATE_CHARACTERS_MAX, type ViewPage } from '#src/core/views/views.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { readShown, showAsStep, shownSearch } from './shown-view.ts'
import { useViews } from './use-views.ts'

/** A view that is looked at this long is the last one, ms. */
const KEEP_AFTER_MS = 1_500

/**
 * Opens a page that was asked for without any state as the person left it, and notes what it shows from then on. For the part that
 * stands as long as the page does: one that comes and goes would take its own return for the page's.
 */
export function useLastView(place: { workspace: string; project: string }, page: ViewPage): void {
  const trpc = useTRPC()
  const { data: views } = useViews(place, page)
  const { mutate: keep } = useMutation(trpc.views.keepLast.mutationOptions())
  const client = useQueryClient()
  const search = useSearchParams().toString()
  const isBegun = useRef(false)
  const kept = useRef<string | null>(null)

  useEffect(() => {
    if (isBegun.current || !views) return
    isBegun.current = true
    const last = views.last
    kept.current = last ? shownSearch(last) : null
    if (window.location.search === '' && last && (last.state !== '' || last.view !== null))
      showAsStep(last, 'opening the page as you left it', 'replace')
  }, [views])

  const { workspace, project } = place
  useEffect(() => {
    const note = () => {
      const shown = readShown(search)
      const text = shownSearch(shown)
      if (!isBegun.current || text === kept.current || shown.state.length > VIEW_STATE_CHARACTERS_MAX) return
      kept.current = text
      keep({ workspace, project, page, ...shown })
      // Whoever comes back before the list is asked for again finds the page as it is now.
      client.setQueryData(
        trpc.views.list.queryKey({ workspace, project, page }),
        (old) => old && { ...old, last: shown },
      )
    }
    const timer = setTimeout(note, KEEP_AFTER_MS)
    return () => clearTimeout(timer)
  }, [search, keep, workspace, project, page, client, trpc])
}
