'use client'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { paths } from '#src/ui/paths.ts'
import { useTRPC } from '#src/ui/trpc-client.tsx'
import type { RunPlace } from './run-place.ts'

/** Draws nothing. Where the run is in another project by now, or its project has another name, the address becomes the present one. */
export function MovedOn({ workspace, project, number }: RunPlace) {
  const router = useRouter()
  const trpc = useTRPC()
  // The page asks the same; it is the same answer.
  const { data: run } = useQuery(trpc.runs.get.queryOptions({ workspace, project, run: number }))
  useEffect(() => {
    if (run && (run.project !== project || run.number !== number))
      router.replace(paths.run(workspace, run.project, run.number) + window.location.search + window.location.hash)
  }, [router, workspace, project, number, run])
  return null
}
