'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { ADDRESS_CHARACTERS_MAX, type ViewPage } from '#src/core/views/views.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import { readShown, shownSearch } from './shown-view.ts'

/**
 * Makes the link to exactly what is on the screen, for whoever may read the project: the address as it stands, or a short one that the
 * server keeps where that is longer than chats and mails carry. Rejects when the server refuses to keep it.
 */
export function useViewLink(place: { workspace: string; project: string }, page: ViewPage): () => Promise<string> {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { mutateAsync: save } = useMutation(trpc.views.save.mutationOptions())
  const { workspace, project } = place
  return useCallback(async () => {
    const { origin, pathname, search, hash } = window.location
    const { state } = readShown(search)
    const plain = `${origin}${pathname}${shownSearch({ state, view: null })}${hash}`
    if (plain.length <= ADDRESS_CHARACTERS_MAX) return plain
    const kept = queryClient.getQueryData<string>(['short link', workspace, project, page, state])
    const key = kept ?? (await save({ workspace, project, page, audience: 'link', state })).key
    queryClient.setQueryData(['short link', workspace, project, page, state], key)
    return `${origin}${pathname}${shownSearch({ state: '', view: key })}${hash}`
  }, [queryClient, save, workspace, project, page])
}
