'use client'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { VIEW_KEY } from '#src/core/views/views.ts'
import type { SavedView } from '#src/protocol/views.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { readShown, show } from './shown-view.ts'

/**
 * The saved view that the address names, and the problem with it if it is no more. An address that names a view and nothing else is a
 * short link: the view's state is put into it.
 */
export function useOpenedView(
  place: { workspace: string; project: string },
  listed: readonly SavedView[] | undefined,
): { opened: SavedView | null; error: unknown } {
  const trpc = useTRPC()
  const { state, view } = readShown(useSearchParams().toString())
  const isKey = view !== null && VIEW_KEY.test(view)
  const known = view === null ? undefined : listed?.find(({ key }) => key === view)
  // One that has just left the list was deleted: nobody needs to be asked for it.
  const seen = useRef(new Set<string>())
  if (known) seen.current.add(known.key)
  const query = useQuery({
    ...trpc.views.get.queryOptions({ ...place, view: view ?? '' }, { staleTime: 60_000, retry: false }),
    enabled: isKey && listed !== undefined && known === undefined && !seen.current.has(view),
  })
  const opened = view === null ? null : (known ?? query.data ?? null)
  const isShort = opened !== null && state === '' && opened.state !== ''
  const [key, wanted, isLink] = [opened?.key, opened?.state, opened?.audience === 'link']
  useEffect(() => {
    if (isShort && key !== undefined && wanted !== undefined)
      show({ state: wanted, view: isLink ? null : key }, 'replace')
  }, [isShort, key, wanted, isLink])
  const error = isKey ? query.error : new Error(`“${view}” in this link names no saved view; the rest of it is shown.`)
  return { opened, error: view !== null && known === undefined ? error : null }
}
