'use client'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTRPC } from '#src/ui/trpc-client.tsx'

/** Hours that the key of this page lives. */
export const KEY_HOURS = 24

export interface FirstKey {
  /** The whole key, which only this tab has. */
  key: string
  /** Its public part. */
  id: string
  expiresAt: number
}

/** Keys that this tab was given: coming back to the page makes no other. */
const made = new Map<string, FirstKey>()
const asked = new Set<string>()

/**
 * A key that only sends, to the project or, while there is none, to the workspace, and that ends after a day: made when the page is first
 * shown in this tab. `again` after a refusal.
 */
export function useFirstKey(workspace: string, project: string | null) {
  const place = `${workspace} ${project ?? ''}`
  const trpc = useTRPC()
  const known = made.get(place)
  const [key, setKey] = useState<FirstKey | null>(known && known.expiresAt > Date.now() ? known : null)
  const mint = useMutation(
    trpc.keys.mint.mutationOptions({
      onSuccess: (minted) => {
        const expiresAt = minted.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(minted.expires_at)
        const first = { key: minted.key, id: minted.id, expiresAt }
        made.set(place, first)
        setKey(first)
      },
    }),
  )
  const make = () =>
    mint.mutate({
      workspace,
      scope: 'ingest',
      name: 'First point',
      ...(project === null ? {} : { project }),
      expires_at: new Date(Date.now() + KEY_HOURS * 3_600_000).toISOString(),
    })
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a place, however often it is drawn
  useEffect(() => {
    if (key !== null || asked.has(place)) return
    asked.add(place)
    make()
  }, [place])
  return { key, error: mint.error, again: make }
}
