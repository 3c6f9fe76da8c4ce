'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '#src/ui/trpc-client.tsx'

/** Reads again what an edge changes: the lineage, its stages, and where checkpoints came from. */
export function useRenewLineage(place: { workspace: string; project: string }): () => Promise<unknown> {
  const trpc = useTRPC()
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries(trpc.lineage.get.queryFilter(place)),
      client.invalidateQueries(trpc.experiments.page.queryFilter(place)),
      client.invalidateQueries(trpc.checkpoints.provenance.pathFilter()),
    ])
}
