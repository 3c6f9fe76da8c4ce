'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import type { StagePlace } from './stage-place.ts'

/** What a dialog does once the server took its change: the stage and the lineage are read again, then it closes. */
export function useStageSaved({ workspace, project }: Omit<StagePlace, 'number'>, onClose: () => void) {
  const trpc = useTRPC()
  const client = useQueryClient()
  return async () => {
    await Promise.all([
      client.invalidateQueries(trpc.experiments.page.queryFilter({ workspace, project })),
      client.invalidateQueries(trpc.lineage.get.queryFilter({ workspace, project })),
    ])
    onClose()
  }
}
