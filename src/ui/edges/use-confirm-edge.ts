'use client'
import { useMutation } from '@tanstack/react-query'
import type { Edge } from '#src/protocol/experiments.ts'
import { showNotice } from '#src/ui/kit/notices.tsx'
import { readFailure, useTRPC } from '#src/ui/trpc-client.tsx'
import { useRenewLineage } from './use-renew-lineage.ts'

/** Says that an inferred edge is right. */
export function useConfirmEdge(place: { workspace: string; project: string }, edge: Edge) {
  const trpc = useTRPC()
  const renew = useRenewLineage(place)
  const onError = (error: unknown) => {
    showNotice({ message: readFailure(error).sentence, color: 'red' })
    void renew()
  }
  const change = useMutation(trpc.lineage.changeEdge.mutationOptions({ onSuccess: renew, onError }))
  return { ...change, mutate: () => change.mutate({ ...place, edge: edge.id }) }
}
